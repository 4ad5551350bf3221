import { mailSender } from '../aws/mail.ts';
import type { App } from '../core/app.ts';
import { frame, wordsIn } from '../emails/frame.ts';
import { renderEmail } from '../emails/render.ts';
import type { StoredEmail } from '../emails/schema.ts';
import { sourceOf } from '../emails/source.ts';
import { leadsToView, viewUrlOf } from '../emails/view-link.ts';
import { tracked } from '../engagement/rewrite.ts';
import { composeBulk } from '../mail/compose.ts';
import { CrmRecord } from '../objects/record.ts';
import { recordKey } from '../table/keys.ts';
import { factsOf } from '../templates/facts.ts';
import { type TemplateFacts, type Token, tokensIn } from '../templates/render.ts';
import type { Composed, Content } from './content.ts';
import { feedbackIdOf, inDays, linkDays, unsubscribeUrlOf } from './mail-links.ts';
import type { Recipient } from './recipient.ts';
import type { Send } from './schema.ts';

/** The mails of a send of an e-mail, each with the values and links of its reader. */
export function emailContent(app: App, send: Send, email: StoredEmail | undefined): Content {
  if (!email || email.archivedAt !== undefined)
    return { kind: 'MARKETING', closed: 'EMAIL_GONE', mayMiss: false, prepare: async () => nothing };
  const { subject, previewText = '', html, text } = sourceOf(email);
  const tokens = [subject, previewText, html, text].flatMap(tokensIn);
  return {
    kind: 'MARKETING',
    mayMiss: tokens.some(({ path, hasDefault }) => !hasDefault && !isOurs(path)),
    prepare: async (contacts) => {
      const facts = await factsFor(app, send, { contacts, tokens });
      const viewed = leadsToView(email);
      const at = ({ contactId }: Recipient) => ({ emailId: email.id, contactId });
      const rendered = (id: string, unsubscribeUrl: string, view = somePage) =>
        renderEmail(email, withLinks(email, facts.get(id) ?? {}, { unsubscribeUrl, view }));
      return {
        missingFor: async ({ id }) => (await rendered(id, somePage)).missing,
        compose: async (row) => {
          const unsubscribeUrl = await unsubscribeUrlOf(send, row, app.now());
          return mailOf(
            { send, email, row, unsubscribeUrl, now: app.now() },
            await rendered(row.contactId, unsubscribeUrl, viewed ? await viewUrlOf(at(row), app.now()) : undefined),
          );
        },
      };
    },
  };
}

const nothing = {
  missingFor: async () => [],
  compose: async (): Promise<Composed> => {
    throw new Error('An e-mail that is gone has no content');
  },
};

/** Stands for a person's own pages where only values are looked at. */
const somePage = 'https://example.com/';

/** What every mail is given by us and nobody can lack. */
const isOurs = (path: string) =>
  /^(?:links|sender|now|unsubscribe_link|unsubscribe_link_all|preferences_link|view_link|view_as_page_url)\b/.test(
    path,
  );

const typeNames: Readonly<Record<string, string>> = { '0-2': 'company', '0-3': 'deal', '0-5': 'ticket' };

async function factsFor(
  app: App,
  { about }: Send,
  { contacts, tokens }: { readonly contacts: readonly CrmRecord[]; readonly tokens: readonly Token[] },
): Promise<ReadonlyMap<string, TemplateFacts>> {
  const facts = await factsOf(app, contacts, tokens);
  const name = about && typeNames[about.objectType];
  if (!about || !name) return facts;
  const record = await app.table.get(recordKey({ objectType: about.objectType, id: about.recordId }), CrmRecord);
  if (!record || record.archivedAt !== undefined) return facts;
  return new Map([...facts].map(([id, known]) => [id, { ...known, [name]: record.properties }]));
}

type OwnPages = { readonly unsubscribeUrl: string; readonly view: string };

const withLinks = ({ from }: StoredEmail, facts: TemplateFacts, { unsubscribeUrl, view }: OwnPages): TemplateFacts => ({
  ...facts,
  links: { unsubscribe: unsubscribeUrl, preferences: unsubscribeUrl, view },
  sender: { name: from.fromName ?? '' },
});

type To = {
  readonly send: Send;
  readonly email: StoredEmail;
  readonly row: Recipient;
  readonly unsubscribeUrl: string;
  readonly now: string;
};

async function mailOf(
  { send, email, row, unsubscribeUrl, now }: To,
  { subject, previewText, html, text, from, missing }: Awaited<ReturnType<typeof renderEmail>>,
): Promise<Composed> {
  if (missing.length > 0) return { missing };
  const mail = { sendId: send.id, contactId: row.contactId };
  const framed = frame(
    { html, text, ...(previewText && { previewText }) },
    { url: unsubscribeUrl, words: wordsIn(email.language) },
  );
  const raw = await composeBulk({
    subject,
    html: await tracked(framed.html, mail, inDays(now, linkDays)),
    text: framed.text,
    from: { name: from.name, address: from.address ?? mailSender() },
    ...(from.replyTo !== undefined && { replyTo: from.replyTo }),
    to: row.email,
    unsubscribeUrl,
    tags: { send: send.id, contact: row.contactId },
    feedbackId: feedbackIdOf(send),
  });
  return { raw };
}
