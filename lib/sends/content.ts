import { mailSender } from '../aws/mail.ts';
import { publicUrl, signLink } from '../links/link.ts';
import { composeBulk } from '../mail/compose.ts';
import type { CrmRecord } from '../objects/record.ts';
import { invitationToken } from '../surveys/invitation.ts';
import { surveyMail } from '../surveys/mail.ts';
import type { StoredSurvey } from '../surveys/schema.ts';
import type { Recipient } from './recipient.ts';
import type { Send } from './schema.ts';

const dayMs = 86_400_000;
/** Who finds the mail again years later can still get out of the list. */
const unsubscribeDays = 5 * 365;

const usualSender: Readonly<Record<StoredSurvey['language'], string>> = {
  ja: 'アンケート事務局',
  en: 'Customer feedback',
};

const inDays = (now: string, days: number) => new Date(Date.parse(now) + days * dayMs).toISOString();

/** The message of one recipient as it goes over the wire: with links of their own, and the tags by which SES's events find the row. */
export async function contentOf(
  send: Send,
  survey: StoredSurvey,
  to: { readonly row: Recipient; readonly contact: CrmRecord; readonly now: string },
): Promise<Buffer> {
  const { row, contact, now } = to;
  const { contactId, email } = row;
  const { parentSendId } = send;
  const [answer, unsubscribe] = await Promise.all([
    invitationToken(survey, { contactId, sendId: send.id, parentSendId, now }),
    signLink(
      'unsubscribe',
      { contactId, email, subscriptionTypeId: send.subscriptionTypeId, sendId: send.id },
      inDays(now, unsubscribeDays),
    ),
  ]);
  const unsubscribeUrl = `${publicUrl()}/u/${unsubscribe}`;
  const senderName = survey.senderName ?? usualSender[survey.language];
  const content = surveyMail(survey, {
    lastname: contact.properties.lastname,
    firstname: contact.properties.firstname,
    ...(answer !== undefined && { surveyUrl: `${publicUrl()}/s/${answer}` }),
    isReminder: parentSendId !== undefined,
    unsubscribeUrl,
    language: survey.language,
    senderName,
  });
  const from = { name: senderName, address: mailSender() };
  return composeBulk({ ...content, from, to: email, unsubscribeUrl, tags: { send: send.id, contact: contactId } });
}
