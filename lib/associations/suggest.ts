import type { App } from '../core/app.ts';
import { readOwners } from '../objects/batch.ts';
import { findByValue, uniqueRowKey } from '../objects/read-store.ts';
import type { CrmRecord } from '../objects/record.ts';
import { inParallel } from '../table/in-parallel.ts';
import { associationPrefix, type Key, recordKey } from '../table/keys.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { StoredPair } from './pair.ts';

const contacts = '0-1';
const deals = '0-3';

export type Suggestion = {
  readonly toObjectType: string;
  readonly toObjectId: string;
  /** What the two have in common. */
  readonly reason: 'ADVERTISER_ID' | 'EMAIL' | 'PHONE';
};

const mostSuggestions = 5;
const recordsAtOnce = 8;
/** Contacts with a number, records that lie behind a find: so many are looked at. */
const mostFound = 3;

type Asked = { readonly record: CrmRecord; readonly missing: readonly (readonly string[])[] };
type Seed = { readonly objectType: string; readonly id: string; readonly reason: Suggestion['reason'] };

/**
 * What each record may belong to, at most five each, best first: the deal of its 広告主ID, then whom its addresses belong to, then whom
 * its numbers; and what those are associated with. The unique values of a whole page are one read, and every record has a bounded number
 * of queries more.
 */
export async function suggestFor(app: App, asked: readonly Asked[]): Promise<Suggestion[][]> {
  const evidence = asked.map(({ record }) => evidenceOf(record.properties));
  const owners = await ownersOf(app, evidence);
  return inParallel(asked, recordsAtOnce, async ({ record, missing }, position) => {
    const found = await seedsOf(app, evidence[position] as Evidence, owners);
    return suggestions(app, record, new Set(missing.flat()), found);
  });
}

type Owners = { readonly ids: ReadonlyMap<string, string>; readonly emails: ReadonlyMap<string, string> };

/** Who has the unique values that any record of the page speaks of. */
async function ownersOf(app: App, evidence: readonly Evidence[]): Promise<Owners> {
  const ids = await keysOf(app, deals, 'advertiser_id', new Set(evidence.flatMap((each) => each.advertiserIds)));
  const emails = await keysOf(app, contacts, 'email', new Set(evidence.flatMap((each) => each.emails)));
  const owners = await readOwners(app, [...ids.values(), ...emails.values()]);
  const owned = (keys: ReadonlyMap<string, Key>) =>
    new Map([...keys].flatMap(([value, { pk }]) => (owners.has(pk) ? [[value, owners.get(pk) ?? ''] as const] : [])));
  return { ids: owned(ids), emails: owned(emails) };
}

async function keysOf(app: App, objectType: string, property: string, values: ReadonlySet<string>) {
  const keys = new Map<string, Key>();
  for (const value of values) keys.set(value, await uniqueRowKey(app, objectType, property, value));
  return keys;
}

async function seedsOf(app: App, { advertiserIds, emails, phones }: Evidence, owners: Owners): Promise<Seed[]> {
  const seeds: Seed[] = [];
  const add = (objectType: string, id: string | undefined, reason: Seed['reason']) => {
    if (id !== undefined) seeds.push({ objectType, id, reason });
  };
  for (const value of advertiserIds) add(deals, owners.ids.get(value), 'ADVERTISER_ID');
  const [own] = advertiserIds;
  if (own !== undefined)
    for (const id of await findByValue(app, contacts, 'advertiser_id', own, mostFound))
      add(contacts, id, 'ADVERTISER_ID');
  for (const value of emails) add(contacts, owners.emails.get(value), 'EMAIL');
  for (const number of phones) {
    for (const property of ['hs_searchable_calculated_phone_number', 'hs_searchable_calculated_mobile_number'])
      for (const id of await findByValue(app, contacts, property, number, mostFound)) add(contacts, id, 'PHONE');
  }
  return seeds;
}

async function suggestions(
  app: App,
  record: CrmRecord,
  wanted: ReadonlySet<string>,
  seeds: readonly Seed[],
): Promise<Suggestion[]> {
  const found = new Map<string, Suggestion>();
  const add = (toObjectType: string, toObjectId: string, reason: Seed['reason']) => {
    const key = `${toObjectType}#${toObjectId}`;
    if (key !== recordKey(record).pk && wanted.has(toObjectType) && !found.has(key))
      found.set(key, { toObjectType, toObjectId, reason });
  };
  for (const seed of seeds) {
    if (found.size >= mostSuggestions) break;
    add(seed.objectType, seed.id, seed.reason);
    for (const type of wanted) {
      if (type === seed.objectType) continue;
      const query = { pk: recordKey(seed).pk, prefix: associationPrefix(type), limit: mostFound };
      const { items } = await app.table.query(query, StoredPair);
      for (const { toId } of items) add(type, toId, seed.reason);
    }
  }
  return [...found.values()].slice(0, mostSuggestions);
}
