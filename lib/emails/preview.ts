import * as z from 'zod/mini';
import { mailSender, sendRawMail } from '../aws/mail.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { refuseBeyond } from '../forms/rate-limit.ts';
import { publicUrl } from '../links/link.ts';
import { isAddress } from '../mail/address.ts';
import { composeBulk } from '../mail/compose.ts';
import { readRecord } from '../objects/read-store.ts';
import { barrierOf } from '../subscriptions/store.ts';
import { factsOf } from '../templates/facts.ts';
import { type TemplateFacts, TemplateProblem } from '../templates/render.ts';
import { tokensOf } from './check.ts';
import { draftOf, invalidEmail } from './email.ts';
import { unsaid, withFooter } from './footer.ts';
import { readSenderDetails } from './mail-settings.ts';
import { type RenderedEmail, renderEmail } from './render.ts';
import type { StoredEmail } from './schema.ts';
import { writtenParts } from './source.ts';
import { findDraft, readEmail } from './store.ts';

/** The e-mail as its draft has it, with the footer that publishing would add. */
async function prepared(app: App, id: string): Promise<StoredEmail> {
  const [email, draft, details] = await Promise.all([readEmail(app, id), findDraft(app, id), readSenderDetails(app)]);
  const written = draft ?? draftOf(email);
  const parts = writtenParts(written);
  const { fromName } = written.from;
  const left = unsaid(parts, details, fromName).filter(
    (duty) => duty === 'unsubscribeLink' || details[duty] || fromName,
  );
  return { ...email, ...written, ready: withFooter(parts, { left, details, fromName, language: written.language }) };
}

/** Stand for a person's own pages, which a preview does not open. */
const links = () => {
  const page = `${publicUrl()}/u/preview`;
  return { unsubscribe: page, preferences: page, view: `${publicUrl()}/v/preview` };
};

async function rendered(app: App, email: StoredEmail, contactId: string | undefined): Promise<RenderedEmail> {
  const contact =
    contactId === undefined ? undefined : await readRecord(app, '0-1', { id: contactId }, { followMerged: true });
  if (contactId !== undefined && !contact)
    throw new CrmError('OBJECT_NOT_FOUND', `No contact with ID ${contactId} exists`);
  try {
    const tokens = email.ready ? tokensOf(email.ready) : [];
    const facts: TemplateFacts = contact ? ((await factsOf(app, [contact], tokens)).get(contact.id) ?? {}) : {};
    return await renderEmail(email, { ...facts, links: links(), sender: { name: email.from.fromName ?? '' } });
  } catch (error) {
    throw error instanceof TemplateProblem ? invalidEmail('content', error.message) : error;
  }
}

export const PreviewInput = z.strictObject({ contactId: z.string() });
export const Preview = z.object({
  subject: z.string(),
  previewText: z.optional(z.string()),
  html: z.string(),
  text: z.string(),
  missingTokens: z.array(z.string()),
});

/** The mail as one contact would get it. @throws CrmError 404, 400 for a template that does not end */
export async function previewEmail(app: App, id: string, contactId: string): Promise<z.output<typeof Preview>> {
  const { missing, from: _, ...parts } = await rendered(app, await prepared(app, id), contactId);
  return { ...parts, missingTokens: missing };
}

const mostAddresses = 10;
const testsPerMinute = 30;

export const TestInput = z.strictObject({
  to: z.pipe(
    z.union([z.string(), z.array(z.string())]),
    z.pipe(
      z.transform((given: string | string[]) => [...new Set([given].flat())]),
      z
        .array(z.string().check(z.refine(isAddress, 'must be an e-mail address')))
        .check(z.minLength(1), z.maxLength(mostAddresses)),
    ),
  ),
  /** Whose values the tokens have; without it they are empty. */
  contactId: z.optional(z.string()),
});
export const TestAnswer = z.object({
  results: z.array(
    z.object({
      to: z.string(),
      status: z.enum(['SENT', 'NOT_SENT', 'UNKNOWN']),
      reason: z.optional(z.string()),
    }),
  ),
  missingTokens: z.array(z.string()),
});
type Result = z.output<typeof TestAnswer>['results'][number];

/** Sends the mail, marked [テスト], to a few colleagues, once each; addresses that mail does not go to are told. @throws CrmError 404, 400, 429 */
export async function testEmail(
  app: App,
  id: string,
  { to, contactId }: z.output<typeof TestInput>,
): Promise<z.output<typeof TestAnswer>> {
  const email = await prepared(app, id);
  const mail = await rendered(app, email, contactId);
  await refuseBeyond(app, [{ scope: 'email-tests', most: testsPerMinute }]);
  const results: Result[] = [];
  for (const address of to) results.push(await sendTest(app, mail, address));
  return { results, missingTokens: mail.missing };
}

async function sendTest(app: App, { subject, html, text, from }: RenderedEmail, to: string): Promise<Result> {
  const barrier = await barrierOf(app, to);
  if (barrier) return { to, status: 'NOT_SENT', reason: barrier };
  const raw = await composeBulk({
    subject: `[テスト] ${subject}`,
    html,
    text,
    from: { name: from.name, address: from.address ?? mailSender() },
    ...(from.replyTo !== undefined && { replyTo: from.replyTo }),
    to,
    unsubscribeUrl: links().unsubscribe,
    tags: { test: app.newId() },
    feedbackId: 'test:0:email:tsunagi',
  });
  const outcome = await sendRawMail(raw, [to]);
  if (outcome.state === 'SENT') return { to, status: 'SENT' };
  return { to, status: outcome.state === 'UNKNOWN' ? 'UNKNOWN' : 'NOT_SENT', reason: outcome.reason };
}
