/** Why somebody of the audience is no recipient. */
export const exclusions = [
  'UNSUBSCRIBED',
  'BOUNCED',
  'COMPLAINED',
  'DUPLICATE',
  'NO_ADDRESS',
  'FREQUENCY',
  'EXCLUDED_LIST',
  'NO_CONTACT',
  'FATIGUE',
  'NOT_OPTED_IN',
  'NOT_SAMPLED',
  'MISSING_TOKEN',
] as const;
export type Exclusion = (typeof exclusions)[number];
