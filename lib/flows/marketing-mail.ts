import { listAssociated } from '../associations/store.ts';
import type { App } from '../core/app.ts';
import type { StoredEmail } from '../emails/schema.ts';
import { isAddress } from '../mail/address.ts';
import { composeSingle } from '../mail/compose-single.ts';
import { sendStepMail, wasBegun } from '../mail/send.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { CrmRecord } from '../objects/record.ts';
import { fatigueOf } from '../sends/fatigue.ts';
import { barriersOf } from '../subscriptions/store.ts';
import { type RecordRef, recordKey } from '../table/keys.ts';
import { kindOf, mailFor, readPublished } from '../transactional/mail-for.ts';
import type { Step } from './action.ts';
import type { Output } from './facts.ts';

/** So many contacts of a ticket or a deal get the mail, by id. */
const mostContacts = 20;

/**
 * Sends a published e-mail to the contact, or to the contacts of a record, each once for the step however often it runs. Who may not get it
 * stands in the output with the reason. @throws CrmError when the e-mail is gone or not published; NotYet when SES is busy
 */
export async function sendEmailOf(
  { emailId, record }: { readonly emailId: string; readonly record: RecordRef },
  step: Step,
): Promise<Output> {
  const { app } = step;
  const email = await readPublished(app, emailId);
  const contacts = await contactsOf(app, record);
  if (contacts.length === 0) return { skipped: 'the record has no contact' };
  const about = record.objectType === '0-1' ? undefined : record;
  const mails: Output[] = [];
  for (const contact of contacts) mails.push(await sendTo(contact, { email, about, step }));
  return mails.length === 1 && !about ? (mails[0] ?? {}) : { mails };
}

async function contactsOf(app: App, record: RecordRef): Promise<CrmRecord[]> {
  const ids =
    record.objectType === '0-1'
      ? [record.id]
      : (await listAssociated(app, record, '0-1', { limit: mostContacts })).items.map(({ to }) => to.id);
  const found = await app.table.getMany(
    ids.map((id) => recordKey({ objectType: '0-1', id })),
    CrmRecord,
  );
  return found.filter(({ archivedAt }) => archivedAt === undefined).sort((a, b) => (a.id < b.id ? -1 : 1));
}

type Mailing = { readonly email: StoredEmail; readonly about: RecordRef | undefined; readonly step: Step };

async function sendTo(contact: CrmRecord, { email, about, step }: Mailing): Promise<Output> {
  const { app, key } = step;
  const { id: contactId, properties } = contact;
  const to = normaliseEmail(properties.email ?? '');
  if (!isAddress(to)) return { contactId, skipped: 'the contact has no e-mail address' };
  const id = about ? `${key}-${contactId}` : key;
  // Once it was sent, what is known of the address since then changes nothing: the ledger says what became of it.
  const refusal = (await wasBegun(step, id)) ? undefined : await refusalOf(app, { email, contactId, to });
  if (refusal) return { contactId, to: [to], ...refusal };
  const made = await mailFor(app, { email, contact, marketing: true });
  if ('missing' in made) return { contactId, to: [to], skipped: `no value for ${made.missing.join(', ')}` };
  const raw = await composeSingle(made.mail, id);
  const mail = { to: [to], subject: made.mail.subject, raw, id, contactId };
  return { contactId, ...(await sendStepMail(mail, { objectType: '0-1', id: contactId }, step)) };
}

async function refusalOf(
  app: App,
  { email, contactId, to }: { readonly email: StoredEmail; readonly contactId: string; readonly to: string },
): Promise<{ readonly skipped: string; readonly until?: string } | undefined> {
  const barrier = (await barriersOf(app, kindOf(email), [to])).get(to);
  if (barrier) return { skipped: barrier };
  const tired = (await fatigueOf(app, 'MARKETING', [{ id: contactId }])).get(contactId);
  return tired && { skipped: tired.reason, ...(tired.until !== undefined && { until: tired.until }) };
}
