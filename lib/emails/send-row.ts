import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { emailKey, emailSendKey, emailSendListing, emailSendPrefix } from '../table/email-keys.ts';
import type { Write } from '../table/write.ts';

const EmailSend = z.object({ emailId: z.string(), sendId: z.string(), at: z.string() });
export type EmailSend = z.output<typeof EmailSend>;

/** The row that finds a send among those of its e-mail, and by the time at which it begins. */
export const emailSendWrite = (row: EmailSend): Write => ({
  put: {
    ...emailSendKey(row.emailId, row.sendId),
    entity: 'email-send',
    ...row,
    gsi1pk: emailSendListing,
    gsi1sk: `${row.at}#${row.sendId}`,
  },
});

export const sendsOfEmail = ({ table }: App, id: string): Promise<EmailSend[]> =>
  table.all({ pk: emailKey(id).pk, prefix: emailSendPrefix }, EmailSend);

/** Each costs a query for its totals. */
const mostSends = 1000;

/** The sends that began within a time, both ends included. @throws CrmError 400 when they are more than 1,000 */
export async function sendsBetween({ table }: App, from: string, to: string): Promise<EmailSend[]> {
  const found = await table.query(
    { pk: emailSendListing, index: 'gsi1', from, to: `${to}~`, limit: mostSends + 1 },
    EmailSend,
  );
  if (found.items.length <= mostSends) return [...found.items];
  throw new CrmError('VALIDATION_ERROR', `More than ${mostSends} sends lie in this time: ask for a shorter one`, {
    context: { fields: ['startTimestamp', 'endTimestamp'] },
  });
}
