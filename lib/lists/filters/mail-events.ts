import {
  EmailBounced,
  EmailClicked,
  EmailComplained,
  EmailDelivered,
  EmailOpened,
  EmailSent,
} from '../../../events/email.ts';
import { SubscriptionChanged } from '../../../events/subscription.ts';
import type { Filter } from './schema.ts';
import type { Happened } from './view.ts';

type EmailEvent = Extract<Filter, { filterType: 'EMAIL_EVENT' }>;

/** What each operator asks for: an event of a mail, and one that the same mail must not have. Replies are known of no mail. */
const asked: Readonly<Record<string, { readonly event: string; readonly without?: string }>> = {
  SENT: { event: EmailSent.type },
  RECEIVED: { event: EmailDelivered.type },
  OPENED: { event: EmailOpened.type },
  LINK_CLICKED: { event: EmailClicked.type },
  BOUNCED: { event: EmailBounced.type },
  MARKED_SPAM: { event: EmailComplained.type },
  UNSUBSCRIBED: { event: SubscriptionChanged.type },
  OPENED_BUT_LINK_NOT_CLICKED: { event: EmailOpened.type, without: EmailClicked.type },
  RECEIVED_BUT_NOT_OPENED: { event: EmailDelivered.type, without: EmailOpened.type },
  SENT_BUT_LINK_NOT_CLICKED: { event: EmailSent.type, without: EmailClicked.type },
  SENT_BUT_NOT_RECEIVED: { event: EmailSent.type, without: EmailDelivered.type },
};

export const isAnswerable = ({ operator }: EmailEvent): boolean => operator in asked;

/** When what the filter asks for happened to mails. */
export function mailTimes(filter: EmailEvent, log: readonly Happened[]): number[] {
  const { event, without } = asked[filter.operator] ?? {};
  const excluded = new Set(log.filter(({ type }) => type === without).map(({ detail }) => detail.messageKey));
  return log
    .filter(({ type, detail }) => type === event && isOf(filter, detail) && !excluded.has(detail.messageKey))
    .map(({ at }) => at);
}

function isOf({ emailId, clickUrl, operator }: EmailEvent, detail: Happened['detail']): boolean {
  const { sendId, surveyId, messageKey, reason, status } = detail;
  if (operator === 'UNSUBSCRIBED' && status !== 'NOT_SUBSCRIBED') return false;
  if (operator === 'LINK_CLICKED' && clickUrl && reason !== clickUrl) return false;
  return !emailId || [sendId, surveyId, messageKey].includes(emailId);
}
