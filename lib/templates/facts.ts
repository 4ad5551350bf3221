import * as z from 'zod/mini';
import { StoredPair, StoredPrimary } from '../associations/pair.ts';
import { listAssociated } from '../associations/store.ts';
import type { App } from '../core/app.ts';
import { CrmRecord } from '../objects/record.ts';
import { inParallel } from '../table/in-parallel.ts';
import { associationKey, ownerKey, primaryKey, recordKey } from '../table/keys.ts';
import { User } from '../users/user.ts';
import type { TemplateFacts, Token } from './render.ts';

const readsAtOnce = 10;
/** The newest open deal is looked for among so many of a contact's deals. */
const mostDeals = 100;

type Contacts = readonly CrmRecord[];
type ById<T> = ReadonlyMap<string, T>;

/**
 * What the tokens of a template are filled from, for each contact: the contact itself, and of its primary company, its newest open deal and its
 * owner only what the tokens ask for. Companies and owners are read by the hundred; deals cost a query a contact.
 */
export async function factsOf(
  app: App,
  contacts: Contacts,
  tokens: readonly Pick<Token, 'path'>[],
): Promise<Map<string, TemplateFacts>> {
  const roots = new Set(tokens.map(({ path }) => path.split(/[.[]/)[0]));
  const [companies, deals, owners] = await Promise.all([
    roots.has('company') ? companiesOf(app, contacts) : undefined,
    roots.has('deal') ? newestOpenDeals(app, contacts) : undefined,
    roots.has('owner') ? ownersOf(app, contacts) : undefined,
  ]);
  return new Map(
    contacts.map(({ id, properties }) => {
      const company = companies?.get(id)?.properties;
      const deal = deals?.get(id)?.properties;
      const owner = owners?.get(properties.hubspot_owner_id ?? '');
      const facts = {
        contact: properties,
        ...(company && { company }),
        ...(deal && { deal }),
        ...(owner && { owner }),
      };
      return [id, { ...facts, now: app.now() }];
    }),
  );
}

const refOf = (objectType: string, id: string) => ({ objectType, id });
const isThere = ({ archivedAt }: CrmRecord) => archivedAt === undefined;

/** By contact: the primary company, or the first one where none is marked as such. */
async function companiesOf(app: App, contacts: Contacts): Promise<ById<CrmRecord>> {
  const ids = await primaryIds(app, contacts);
  const others = contacts.filter(({ id }) => !ids.has(id));
  await inParallel(others, readsAtOnce, async ({ id }) => {
    const { items } = await listAssociated(app, refOf('0-1', id), '0-2', { limit: 1 });
    if (items[0]) ids.set(id, items[0].to.id);
  });
  const companies = await readRecords(app, '0-2', [...ids.values()]);
  return definedOnly([...ids].map(([contactId, id]) => [contactId, companies.get(id)] as const));
}

/** HubSpot's type of the pair of a contact and its primary company. */
const primaryCompany = 1;
const PrimaryRow = z.extend(StoredPrimary, { pk: z.string() });

/** By contact. The row names who was made the primary one last; whether it still is, the pair says. */
async function primaryIds(app: App, contacts: Contacts): Promise<Map<string, string>> {
  const contactOf = new Map(contacts.map(({ id }) => [recordKey(refOf('0-1', id)).pk, id]));
  const rows = await app.table.getMany(
    contacts.map(({ id }) => primaryKey(refOf('0-1', id), '0-2')),
    PrimaryRow,
  );
  const keys = rows.flatMap(({ pk, toId }) => {
    const contactId = contactOf.get(pk);
    return contactId === undefined ? [] : [associationKey(refOf('0-1', contactId), refOf('0-2', toId))];
  });
  const pairs = await app.table.getMany(keys, StoredPair);
  return new Map(pairs.filter(({ typeIds }) => typeIds.includes(primaryCompany)).map(({ id, toId }) => [id, toId]));
}

async function readRecords(app: App, objectType: string, ids: readonly string[]): Promise<ById<CrmRecord>> {
  const records = await app.table.getMany(
    ids.map((id) => recordKey(refOf(objectType, id))),
    CrmRecord,
  );
  return new Map(records.filter(isThere).map((record) => [record.id, record]));
}

/** By contact: of the deals that are not closed, the one made last. */
async function newestOpenDeals(app: App, contacts: Contacts): Promise<ById<CrmRecord>> {
  const found = await inParallel(contacts, readsAtOnce, async ({ id }) => {
    const { items } = await listAssociated(app, refOf('0-1', id), '0-3', { limit: mostDeals });
    return { id, dealIds: items.map(({ to }) => to.id) };
  });
  const deals = await readRecords(
    app,
    '0-3',
    found.flatMap(({ dealIds }) => dealIds),
  );
  return definedOnly(
    found.map(({ id, dealIds }) => {
      const open = dealIds.flatMap((dealId) => deals.get(dealId) ?? []).filter(isOpen);
      return [id, open.reduce<CrmRecord | undefined>(newer, undefined)] as const;
    }),
  );
}

const isOpen = ({ properties }: CrmRecord) => properties.hs_is_closed !== 'true';
const madeAt = ({ properties, createdAt }: CrmRecord) => properties.createdate ?? createdAt;
const newer = (one: CrmRecord | undefined, other: CrmRecord) => (one && madeAt(one) >= madeAt(other) ? one : other);

/** By owner: names as HubSpot's tokens spell them. Somebody who left owns nothing that a reader could ask for. */
async function ownersOf(app: App, contacts: Contacts): Promise<ById<Record<string, string>>> {
  const ids = contacts.flatMap(({ properties }) => properties.hubspot_owner_id ?? []);
  const users = await app.table.getMany(ids.map(ownerKey), User);
  return new Map(
    users
      .filter(({ archived }) => !archived)
      .map(({ id, email, firstName, lastName, phone }) => {
        const name = `${lastName} ${firstName}`.trim();
        return [id, { id, email, firstname: firstName, lastname: lastName, name, ...(phone && { phone }) }];
      }),
  );
}

const definedOnly = <T>(entries: readonly (readonly [string, T | undefined])[]): Map<string, T> =>
  new Map(entries.flatMap(([id, value]) => (value === undefined ? [] : [[id, value] as const])));
