import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import type { FormSubmitted } from '../../events/form.ts';
import type { App } from '../core/app.ts';
import { isAddress } from '../mail/address.ts';
import { sendNotice } from '../mail/notice.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { readRecord } from '../objects/read-store.ts';
import { findUser } from '../users/store.ts';
import { fieldKey, fieldsOf } from './field.ts';
import type { FormDefinition } from './schema.ts';
import { askAgain } from './second-yes.ts';
import { findForm } from './store.ts';

type Submitted = z.output<typeof FormSubmitted.schema>;

/** A form that tells more people is a list, and lists are for bulk mail. */
const mostRecipients = 50;
const longestLine = 2000;

/**
 * Asks the address for its second yes where it is needed, and mails a submission to those whom the form names (users by id, or addresses), and to the owner of the contact where the form says so. Each
 * person gets one mail, also when the event comes twice. @throws NotYet when a mail is to be tried again
 */
export async function notifyOf(app: App, submitted: Submitted): Promise<void> {
  const form = await findForm(app, submitted.formId);
  if (!form) return;
  await askAgain(app, form, submitted);
  const { notifyRecipients, notifyContactOwner } = form.configuration;
  if (notifyRecipients.length === 0 && !notifyContactOwner) return;
  const owner = notifyContactOwner ? await ownerOf(app, submitted) : undefined;
  const wanted = [...notifyRecipients.slice(0, mostRecipients), ...(owner ? [owner] : [])];
  const addresses = new Set<string>();
  for (const each of wanted) {
    const address = await addressOf(app, each);
    if (address) addresses.add(address);
  }
  for (const to of addresses) await notify(app, { form, submitted, to });
}

async function ownerOf(app: App, { recordId }: Submitted): Promise<string | undefined> {
  const contact = await readRecord(app, '0-1', { id: recordId }, { followMerged: true });
  return contact?.properties.hubspot_owner_id;
}

async function addressOf(app: App, recipient: string): Promise<string | undefined> {
  if (recipient.includes('@')) return isAddress(recipient) ? normaliseEmail(recipient) : undefined;
  const user = await findUser(app, recipient);
  return user && !user.archived ? normaliseEmail(user.email) : undefined;
}

type One = { readonly form: FormDefinition; readonly submitted: Submitted; readonly to: string };

async function notify(app: App, { form, submitted, to }: One): Promise<void> {
  const { submissionId, recordId } = submitted;
  const who = createHash('sha256').update(to).digest('hex').slice(0, 16);
  await sendNotice(app, {
    id: `form-${submissionId}-${who}`,
    to,
    subject: `【フォーム】${form.name} に送信がありました`,
    body: textOf(form, submitted),
    origin: {
      flowId: form.id,
      runId: submissionId,
      actionId: 'notify',
      objectType: '0-1',
      recordId,
      cause: [...app.cause],
    },
  });
}

/** What was sent, field by field, under the labels of the form. Plain text: a visitor's words are no markup. */
function textOf(form: FormDefinition, { values, recordId, pageUri, submittedAt }: Submitted): string {
  const labels = new Map(fieldsOf(form).map(({ field }) => [fieldKey(field), field.label ?? field.name]));
  const lines = values.map((value) => {
    const shown = value.value.length > longestLine ? `${value.value.slice(0, longestLine)}…` : value.value;
    return `■ ${labels.get(fieldKey(value)) ?? value.name}\n${shown.replaceAll('<', '＜')}`;
  });
  const at = new Intl.DateTimeFormat('ja-JP', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Asia/Tokyo' });
  return [
    `フォーム「${form.name}」に送信がありました。 / Somebody sent the form.`,
    '',
    ...lines,
    '',
    `コンタクト / Contact: ${recordId}`,
    `日時 / Time: ${at.format(new Date(submittedAt))}`,
    ...(pageUri ? [`ページ / Page: ${pageUri}`] : []),
  ].join('\n');
}
