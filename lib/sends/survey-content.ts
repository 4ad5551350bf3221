import { mailSender } from '../aws/mail.ts';
import type { App } from '../core/app.ts';
import { publicUrl } from '../links/link.ts';
import { composeBulk } from '../mail/compose.ts';
import type { CrmRecord } from '../objects/record.ts';
import { invitationToken } from '../surveys/invitation.ts';
import { surveyMail } from '../surveys/mail.ts';
import { isOpen, type StoredSurvey } from '../surveys/schema.ts';
import type { Content } from './content.ts';
import { feedbackIdOf, unsubscribeUrlOf } from './mail-links.ts';
import type { Recipient } from './recipient.ts';
import type { Send } from './schema.ts';

const usualSender: Readonly<Record<StoredSurvey['language'], string>> = {
  ja: 'アンケート事務局',
  en: 'Customer feedback',
};

/**
 * The invitations of a send of a survey. An invitation to what takes no answers any more helps nobody. A reminder asks nobody anew: it is
 * a mail among others, so that the limit of surveys for a person does not hold back what belongs to a survey that it let through.
 */
export function surveyContent(app: App, send: Send, survey: StoredSurvey | undefined): Content {
  const open = survey && isOpen(survey, app.now());
  return {
    kind: send.parentSendId === undefined ? 'SURVEY' : 'MARKETING',
    mayMiss: false,
    ...(!open && { closed: 'SURVEY_CLOSED' }),
    prepare: async () => ({
      missingFor: async () => [],
      compose: async (row, contact) => {
        if (!survey) throw new Error('A survey that is gone has no invitation');
        return { raw: await invitation(send, survey, { row, contact, now: app.now() }) };
      },
    }),
  };
}

/** The message of one recipient as it goes over the wire: with links of their own, and the tags by which SES's events find the row. */
async function invitation(
  send: Send,
  survey: StoredSurvey,
  to: { readonly row: Recipient; readonly contact: CrmRecord; readonly now: string },
): Promise<Buffer> {
  const { row, contact, now } = to;
  const { contactId, email } = row;
  const { parentSendId } = send;
  const [answer, unsubscribeUrl] = await Promise.all([
    invitationToken(survey, { contactId, sendId: send.id, parentSendId, now }),
    unsubscribeUrlOf(send, row, now),
  ]);
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
  return composeBulk({
    ...content,
    from: { name: senderName, address: mailSender() },
    to: email,
    unsubscribeUrl,
    tags: { send: send.id, contact: contactId },
    feedbackId: feedbackIdOf(send),
  });
}
