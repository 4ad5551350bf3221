import * as z from 'zod/mini';

/** Ids are numbers for HubSpot's clients; ours stay below 2^53. */
const EmailId = z.pipe(
  z.union([z.int(), z.string().check(z.regex(/^\d{1,16}$/, 'must be an id'))]),
  z.transform(String),
);

/** SES takes fifty recipients in all. */
const mostCopies = 20;
const Addresses = z.optional(z.array(z.string().check(z.maxLength(320))).check(z.maxLength(mostCopies)));

const SingleMessage = z.object({
  to: z.string().check(z.maxLength(320)),
  from: z.optional(z.string().check(z.maxLength(320))),
  cc: Addresses,
  bcc: Addresses,
  replyTo: Addresses,
  /** No more than one mail goes out with it. */
  sendId: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
});

export const SingleSendInput = z.object({
  emailId: EmailId,
  message: SingleMessage,
  contactProperties: z._default(z.record(z.string(), z.string()), {}),
  /** `{{ custom.name }}` in the e-mail. */
  customProperties: z._default(z.record(z.string(), z.any()), {}),
});
export type SingleSendInput = z.output<typeof SingleSendInput>;

/** Those of HubSpot's results that can come here. */
export const sendResults = [
  'SENT',
  'IDEMPOTENT_IGNORE',
  'IDEMPOTENT_FAIL',
  'THROTTLED',
  'INVALID_TO_ADDRESS',
  'INVALID_FROM_ADDRESS',
  'PREVIOUSLY_BOUNCED',
  'PREVIOUS_SPAM',
  'PREVIOUSLY_UNSUBSCRIBED_MESSAGE',
  'PREVIOUSLY_UNSUBSCRIBED_PORTAL',
  'ADDRESS_OPTED_OUT',
  'BLOCKED_ADDRESS',
  'MISSING_TEMPLATE_PROPERTIES',
  'TEMPLATE_RENDER_EXCEPTION',
  'MTA_IGNORE',
] as const;
export type SendResult = (typeof sendResults)[number];

export const EmailSendStatus = z.object({
  statusId: z.string(),
  status: z.enum(['PROCESSING', 'COMPLETE']),
  sendResult: z.optional(z.enum(sendResults)),
  requestedAt: z.string(),
  startedAt: z.optional(z.string()),
  completedAt: z.optional(z.string()),
  eventId: z.optional(z.object({ id: z.string(), created: z.string() })),
});
export type EmailSendStatus = z.output<typeof EmailSendStatus>;
