import * as z from 'zod/mini';
import { StoredPair } from '../../associations/pair.ts';
import { loadAssociationTypes } from '../../associations/type-store.ts';
import type { App } from '../../core/app.ts';
import { normaliseEmail } from '../../objects/email-address.ts';
import { CrmRecord } from '../../objects/record.ts';
import { findSubscription } from '../../subscriptions/store.ts';
import { subscriptionTypes } from '../../subscriptions/type-store.ts';
import { inParallel } from '../../table/in-parallel.ts';
import { associationPrefix, eventPrefix, type RecordRef, recordKey } from '../../table/keys.ts';
import { listKey, memberKey } from '../../table/list-keys.ts';
import type { Happened, Needs, View } from '../filters/view.ts';

/** So many associated records of a type are looked at, by id; what comes after them is not. */
const mostAssociated = 1000;
/** So many entries of a record's log are looked at, the newest ones. */
const mostEvents = 5000;
const readsAtOnce = 4;

/** Reads what filters need of a live record, and no more; everything as it is now. */
export async function loadView(app: App, record: CrmRecord, needs: Needs): Promise<View> {
  const [lists, log, subscription, optIns, associated, referenced] = await Promise.all([
    readLists(app, record, needs.lists),
    needs.history || needs.happenings ? readLog(app, record) : [],
    needs.subscription ? readSubscription(app, record) : undefined,
    needs.subscription ? readOptIns(app) : undefined,
    inParallel(
      [...needs.associated],
      1,
      async ([type, inner]) => [type, await readAssociated(app, record, type, inner)] as const,
    ),
    inParallel([...needs.referenced], 1, (entry) => readReferenced(app, record, entry)),
  ]);
  const { objectType, id, properties } = record;
  return {
    objectType,
    id,
    properties,
    lists,
    log,
    subscription,
    ...(optIns && { optIns }),
    associated: new Map(associated),
    referenced: new Map(referenced.flat()),
  };
}

const Member = z.object({ pk: z.string() });
const Standing = z.object({ listId: z.string(), deletedAt: z.optional(z.string()) });

async function readLists(app: App, { id }: RecordRef, lists: ReadonlySet<string>): Promise<Set<string>> {
  if (lists.size === 0) return new Set();
  const keys = new Map([...lists].map((listId) => [memberKey(listId, id).pk, listId]));
  const rows = await app.table.getMany(
    [...lists].map((listId) => memberKey(listId, id)),
    Member,
  );
  const found = rows.flatMap(({ pk }) => keys.get(pk) ?? []);
  // A deleted list has no members, though their rows still lie there.
  const standing = await app.table.getMany(found.map(listKey), Standing);
  return new Set(standing.flatMap(({ listId, deletedAt }) => (deletedAt === undefined ? [listId] : [])));
}

const Logged = z.object({
  type: z.string(),
  detail: z.looseObject({ occurredAt: z.string(), submittedAt: z.optional(z.string()) }),
});

async function readLog(app: App, record: RecordRef): Promise<Happened[]> {
  const found: Happened[] = [];
  let startAfter: Record<string, unknown> | undefined;
  do {
    const page = await app.table.query(
      { pk: recordKey(record).pk, prefix: eventPrefix, descending: true, ...(startAfter && { startAfter }) },
      Logged,
    );
    found.push(
      ...page.items.map(({ type, detail }) => ({
        type,
        at: Date.parse(detail.submittedAt ?? detail.occurredAt),
        detail,
      })),
    );
    startAfter = page.lastKey;
  } while (startAfter && found.length < mostEvents);
  return found;
}

async function readSubscription(app: App, { properties }: CrmRecord) {
  return properties.email ? findSubscription(app, normaliseEmail(properties.email)) : undefined;
}

const readOptIns = async (app: App) => new Map((await subscriptionTypes(app)).map(({ id, optIn }) => [id, optIn]));

/** The pairs, and then the records: who is in the archive is not associated with anybody, wherever the pair still lies. */
async function readAssociated(app: App, record: CrmRecord, type: string, needs: Needs) {
  const pairs = await readPairs(app, record, type);
  const types = await loadAssociationTypes(app);
  const records = await app.table.getMany(
    pairs.map(({ toId }) => recordKey({ objectType: type, id: toId })),
    CrmRecord,
  );
  const typeIdsOf = new Map(
    pairs.map(({ toId, typeIds }) => [
      toId,
      // A type id may be written as seen from either side, unless the two sides are alike.
      type === record.objectType ? typeIds : [...typeIds, ...types.inverse(typeIds)],
    ]),
  );
  const live = records.filter(({ archivedAt }) => archivedAt === undefined);
  return inParallel(live, readsAtOnce, async (other) => ({
    typeIds: typeIdsOf.get(other.id) ?? [],
    view: await loadView(app, other, needs),
  }));
}

async function readPairs(app: App, record: RecordRef, type: string): Promise<StoredPair[]> {
  const pairs: StoredPair[] = [];
  let startAfter: Record<string, unknown> | undefined;
  do {
    const limit = mostAssociated - pairs.length;
    const query = { pk: recordKey(record).pk, prefix: associationPrefix(type), limit };
    const page = await app.table.query({ ...query, ...(startAfter && { startAfter }) }, StoredPair);
    pairs.push(...page.items);
    startAfter = page.lastKey;
  } while (startAfter && pairs.length < mostAssociated);
  return pairs;
}

async function readReferenced(
  app: App,
  { properties }: CrmRecord,
  [property, { objectType, needs }]: readonly [string, { readonly objectType: string; readonly needs: Needs }],
): Promise<(readonly [string, View])[]> {
  const id = properties[property];
  const other = id ? await app.table.get(recordKey({ objectType, id }), CrmRecord) : undefined;
  return other && other.archivedAt === undefined ? [[property, await loadView(app, other, needs)]] : [];
}
