/** The object type of the records of mails. */
export const emails = '0-49';
