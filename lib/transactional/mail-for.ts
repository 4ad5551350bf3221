import { mailSender } from '../aws/mail.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { frame, wordsIn } from '../emails/frame.ts';
import { renderEmail } from '../emails/render.ts';
import type { StoredEmail } from '../emails/schema.ts';
import { sourceOf } from '../emails/source.ts';
import { readEmail } from '../emails/store.ts';
import type { SingleMail } from '../mail/compose-single.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import type { CrmRecord } from '../objects/record.ts';
import { preferencesUrl } from '../subscriptions/links.ts';
import { factsOf } from '../templates/facts.ts';
import { tokensIn } from '../templates/render.ts';

/** News and campaigns: what an e-mail is that says nothing else. */
const usualType = '2';

/** The kind of mail that an e-mail belongs to. */
export const kindOf = ({ subscriptionDetails }: StoredEmail): string =>
  subscriptionDetails?.subscriptionId || usualType;

/** An e-mail that may go out. @throws CrmError 404, 400 when it was never published */
export async function readPublished(app: App, emailId: string): Promise<StoredEmail> {
  const email = await readEmail(app, emailId);
  if (email.ready) return email;
  throw new CrmError('VALIDATION_ERROR', `The email ${emailId} is not published`, {
    context: { emailId: [emailId] },
  });
}

export type MailFor = {
  readonly email: StoredEmail;
  readonly contact: CrmRecord;
  /** Values of `{{ custom.… }}`. */
  readonly custom?: Readonly<Record<string, unknown>>;
  /** Advertising has the way out in its text and in its head; a receipt has none, because it comes whatever is chosen. */
  readonly marketing: boolean;
};

/** The published e-mail as one contact gets it, or the tokens that have no value for them. @throws TemplateProblem */
export async function mailFor(
  app: App,
  { email, contact, custom = {}, marketing }: MailFor,
): Promise<{ readonly mail: SingleMail } | { readonly missing: readonly string[] }> {
  const { subject, previewText = '', html, text } = sourceOf(email);
  const tokens = [subject, previewText, html, text].flatMap(tokensIn);
  const to = normaliseEmail(contact.properties.email ?? '');
  const [facts, url] = await Promise.all([
    factsOf(app, [contact], tokens),
    preferencesUrl(app, { email: to, contactId: contact.id, ...(marketing && { subscriptionTypeId: kindOf(email) }) }),
  ]);
  const links = { unsubscribe: url, preferences: url };
  const sender = { name: email.from.fromName ?? '' };
  const rendered = await renderEmail(email, { ...facts.get(contact.id), custom, links, sender });
  if (rendered.missing.length > 0) return { missing: rendered.missing };
  const { from } = rendered;
  const framed = frame(rendered, marketing ? { url, words: wordsIn(email.language) } : undefined);
  return {
    mail: {
      from: { name: from.name, address: from.address ?? mailSender() },
      ...(from.replyTo !== undefined && { replyTo: [from.replyTo] }),
      to,
      subject: rendered.subject,
      ...framed,
      ...(marketing && { unsubscribeUrl: url }),
    },
  };
}
