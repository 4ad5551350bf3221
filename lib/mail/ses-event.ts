import * as z from 'zod/mini';
import {
  EmailBounced,
  EmailClicked,
  EmailComplained,
  EmailDelivered,
  EmailOpened,
  EmailSent,
} from '../../events/email.ts';
import type { Trouble } from '../subscriptions/suppression.ts';
import { unquotedAddress } from './address.ts';

const When = z.optional(z.string());
const Recipients = z.optional(z.array(z.looseObject({ emailAddress: z.string() })));

/** An event of SES as EventBridge delivers it. Mail of others in the same account is reported here too; it has no tag of ours. */
export const SesEvent = z.object({
  id: z.string(),
  time: z.string(),
  detail: z.looseObject({
    eventType: z.string(),
    mail: z.looseObject({
      messageId: z.optional(z.string()),
      destination: z.optional(z.array(z.string())),
      tags: z.optional(z.record(z.string(), z.array(z.string()))),
    }),
    bounce: z.optional(
      z.looseObject({
        bounceType: z.optional(z.string()),
        bounceSubType: z.optional(z.string()),
        bouncedRecipients: Recipients,
        timestamp: When,
      }),
    ),
    complaint: z.optional(
      z.looseObject({ complaintFeedbackType: z.optional(z.string()), complainedRecipients: Recipients }),
    ),
    click: z.optional(z.looseObject({ link: z.optional(z.string()) })),
    reject: z.optional(z.looseObject({ reason: z.optional(z.string()) })),
    failure: z.optional(z.looseObject({ errorMessage: z.optional(z.string()) })),
  }),
});
export type SesEvent = z.output<typeof SesEvent>;

/** Which of our events SES's event is, what it says about the message, and the moment's name in the ledger. */
export type Settlement = {
  readonly event:
    | typeof EmailSent
    | typeof EmailDelivered
    | typeof EmailBounced
    | typeof EmailComplained
    | typeof EmailOpened
    | typeof EmailClicked;
  readonly state: 'SENT' | 'FAILED';
  readonly moment: string;
  readonly reason?: string;
};

/** The row of a bulk send that the event is about; each of its mails carries both tags. */
export function recipientOf({ detail }: SesEvent): { readonly sendId: string; readonly contactId: string } | undefined {
  const { send: [sendId] = [], contact: [contactId] = [] } = detail.mail.tags ?? {};
  return sendId && contactId ? { sendId, contactId } : undefined;
}

/** The ledger row of any other mail that the event is about. */
export const messageOf = ({ detail }: SesEvent): string | undefined => detail.mail.tags?.message?.[0];

/** What the event settles; undefined for those that settle nothing (a delay, a subscription). */
export function settlementOf({ detail }: SesEvent): Settlement | undefined {
  switch (detail.eventType) {
    case 'Send':
      return { event: EmailSent, state: 'SENT', moment: 'sentAt' };
    case 'Delivery':
      return { event: EmailDelivered, state: 'SENT', moment: 'deliveredAt' };
    case 'Bounce':
      return { event: EmailBounced, state: 'SENT', moment: 'bouncedAt', ...because(detail.bounce?.bounceType) };
    case 'Complaint':
      return {
        event: EmailComplained,
        state: 'SENT',
        moment: 'complainedAt',
        ...because(detail.complaint?.complaintFeedbackType),
      };
    case 'Open':
      return { event: EmailOpened, state: 'SENT', moment: 'openedAt' };
    case 'Click':
      return { event: EmailClicked, state: 'SENT', moment: 'clickedAt', ...because(detail.click?.link) };
    case 'Reject':
      return {
        event: EmailBounced,
        state: 'FAILED',
        moment: 'rejectedAt',
        reason: detail.reject?.reason ?? 'Rejected',
      };
    case 'Rendering Failure':
      return {
        event: EmailBounced,
        state: 'FAILED',
        moment: 'rejectedAt',
        reason: detail.failure?.errorMessage ?? 'Rendering failure',
      };
    default:
      return undefined;
  }
}

/** The addresses that the event says something bad about, and what. */
export function troubleOf({
  detail,
}: SesEvent): { readonly trouble: Trouble; readonly addresses: readonly string[] } | undefined {
  const of = (named: z.output<typeof Recipients>) =>
    (named?.map(({ emailAddress }) => emailAddress) ?? detail.mail.destination ?? []).map(addressIn);
  if (detail.eventType === 'Complaint')
    return { trouble: 'COMPLAINT', addresses: of(detail.complaint?.complainedRecipients) };
  if (detail.eventType !== 'Bounce') return undefined;
  const trouble = detail.bounce?.bounceType === 'Permanent' ? 'HARD_BOUNCE' : 'SOFT_BOUNCE';
  return { trouble, addresses: of(detail.bounce?.bouncedRecipients) };
}

/** SES may give an address with the name before it, and quoted as it was handed over. */
const addressIn = (text: string) => unquotedAddress(/<([^<>]+)>\s*$/.exec(text)?.[1] ?? text);

const because = (reason: string | undefined) => (reason === undefined ? {} : { reason });
