import * as z from 'zod/mini';
import { evidenceOf } from '../associations/evidence.ts';
import { StoredPair } from '../associations/pair.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { isEmail, normaliseEmail } from '../objects/email-address.ts';
import { uniqueOwner } from '../objects/read-store.ts';
import { upsertRecord } from '../objects/store.ts';
import { mailIdKey } from '../table/inbox-keys.ts';
import { associationPrefix, type RecordRef, recordKey } from '../table/keys.ts';
import type { Inbox, Party } from './schema.ts';
import { comparable } from './store.ts';

const contacts = '0-1';
const deals = '0-3';

const Known = z.object({
  threadId: z.string(),
  messageId: z.string(),
  direction: z.enum(['INCOMING', 'OUTGOING']),
  pk: z.string(),
});
export type KnownMail = z.output<typeof Known>;

/** The message of ours that has the first of these Message-IDs which we know. */
export async function knownMail(app: App, mailIds: readonly string[]): Promise<KnownMail | undefined> {
  const keys = mailIds.map((id) => mailIdKey(comparable(id)));
  const found = new Map((await app.table.getMany(keys, Known)).map((known) => [known.pk, known]));
  return keys.map(({ pk }) => found.get(pk)).find((known) => known !== undefined);
}

/** The contact of an address; undefined when nobody has it. */
export async function contactOf(app: App, address: string): Promise<string | undefined> {
  const email = normaliseEmail(address);
  return isEmail(email) ? uniqueOwner(app, contacts, 'email', email) : undefined;
}

/** The contact of a sender, made when the inbox does so. An address that was erased on request stays unknown. */
export async function senderContact(app: App, { address, name }: Party, inbox: Inbox): Promise<string | undefined> {
  const known = await contactOf(app, address);
  if (known !== undefined || !inbox.createContacts || !isEmail(normaliseEmail(address))) return known;
  try {
    const { record } = await upsertRecord(app, contacts, 'email', normaliseEmail(address), namesOf(name));
    return record.id;
  } catch (error) {
    if (error instanceof CrmError && error.status < 500) return undefined;
    throw error;
  }
}

/** 「田中 太郎」 is 姓 and 名; one word is kept as 姓, to be split by those who know names. */
function namesOf(name: string): Record<string, string> {
  const words = name.normalize('NFKC').trim().split(/\s+/).filter(Boolean);
  const [first, second] = words;
  if (first === undefined || name.includes('@') || name.length > 100) return {};
  if (words.length !== 2 || second === undefined) return { lastname: words.join(' ') };
  const western = /^[\p{Script=Latin}.'-]+$/u.test(`${first}${second}`);
  return western ? { firstname: first, lastname: second } : { lastname: first, firstname: second };
}

const mostDeals = 3;

/**
 * The deals that a mail is about: those whose 広告主ID stands in its subject or text, in any width; else the sender's only one. With several
 * and no id, people decide.
 */
export async function dealsOf(
  app: App,
  {
    subject,
    text,
    contactId,
  }: { readonly subject: string; readonly text: string; readonly contactId: string | undefined },
): Promise<RecordRef[]> {
  const named: string[] = [];
  for (const value of evidenceOf({ subject, content: text }).advertiserIds) {
    const owner = await uniqueOwner(app, deals, 'advertiser_id', value);
    if (owner !== undefined && !named.includes(owner)) named.push(owner);
    if (named.length === mostDeals) break;
  }
  if (named.length > 0 || contactId === undefined) return named.map((id) => ({ objectType: deals, id }));
  const { pk } = recordKey({ objectType: contacts, id: contactId });
  const { items } = await app.table.query({ pk, prefix: associationPrefix(deals), limit: 2 }, StoredPair);
  return items.length === 1 ? items.map(({ toId }) => ({ objectType: deals, id: toId })) : [];
}

const Alive = z.object({
  objectType: z.string(),
  id: z.string(),
  archivedAt: z.optional(z.string()),
  mergedInto: z.optional(z.string()),
});

/** The records that a mail can be associated with now: archived ones are left out, merged ones are what they became. Each once. */
export async function aliveOf(app: App, refs: readonly RecordRef[]): Promise<RecordRef[]> {
  const found = await app.table.getMany(refs.map(recordKey), Alive);
  const survivors = found.flatMap(({ objectType, mergedInto }) =>
    mergedInto === undefined ? [] : [{ objectType, id: mergedInto }],
  );
  const further = survivors.length > 0 ? await app.table.getMany(survivors.map(recordKey), Alive) : [];
  const alive = [...found, ...further].filter(({ archivedAt }) => archivedAt === undefined);
  const byKey = new Map(alive.map(({ objectType, id }) => [`${objectType}#${id}`, { objectType, id }]));
  return [...byKey.values()];
}
