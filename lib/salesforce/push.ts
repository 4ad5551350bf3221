import type { Explain } from '../../events/define.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { CrmRecord } from '../objects/record.ts';
import { commitGroups } from '../table/groups.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey } from '../table/keys.ts';
import { applyRows } from './apply.ts';
import { type Dirty, readDirty } from './dirty.ts';
import { forgetSteps } from './errors.ts';
import { companyNameOf, type Found, findByAddress } from './find.ts';
import { latestSides } from './latest.ts';
import { type Link, personRef, readLinks, readTwins, type Twin } from './link.ts';
import {
  contested,
  isUnchangedHere,
  mappingsFor,
  needsCompany,
  planPerson,
  sentFor,
  sentForNew,
  statesOf,
} from './plan.ts';
import { clean, followMoved, type Parcel, sendParcels } from './push-send.ts';
import { fullId } from './salesforce-id.ts';
import { contactType, externalIdField, type Sobject, sobjects } from './schema.ts';
import { fieldsOf, includedOf, refuse, type Sync } from './sync.ts';
import { normalise } from './value.ts';

/** Records in one look: enough to fill the queries by which people are found. */
const recordsPerRound = 2000;
const parcelsPerCall = 200;
const callsAtOnce = 3;
/** A record that is still marked as it was after so many looks of one run is put among the refusals. */
const mostLooks = 3;

/** Looks at every marked record. True when none is left, false when the time is over. @throws SalesforceTrouble */
export async function pushAll(sync: Sync): Promise<boolean> {
  const looks = new Map<string, number>();
  for (;;) {
    if (sync.outOfTime()) return false;
    const dirty = await readDirty(sync.app, recordsPerRound);
    if (dirty.length === 0) return true;
    const stuck = dirty.filter(({ stamp }) => (looks.get(stamp) ?? 0) >= mostLooks);
    await setAside(sync, stuck);
    for (const { stamp } of dirty) looks.set(stamp, (looks.get(stamp) ?? 0) + 1);
    await pushRound(
      sync,
      dirty.filter((each) => !stuck.includes(each)),
    );
  }
}

async function setAside(sync: Sync, stuck: readonly Dirty[]): Promise<void> {
  for (const { id } of stuck) {
    const message =
      'The record of Salesforce could not be linked: it changes all the time, or belongs to another record';
    await refuse(sync, { category: 'DUPLICATES', code: 'NOT_LINKED', message, recordId: id });
  }
  await clean(sync, stuck);
}

/** A marked record with its link as they are now. */
type Marked = { readonly dirty: Dirty; readonly record: CrmRecord; readonly twin?: Twin; readonly link?: Link };

async function pushRound(sync: Sync, dirty: readonly Dirty[]): Promise<void> {
  const { marked, done } = await selected(sync, dirty);
  await settle(sync, done);
  const fresh = await freshRows(sync, marked);
  for (const sobject of sobjects)
    await applyRows(
      sync,
      sobject,
      fresh.rows.filter((found) => found.sobject === sobject).map(({ row }) => row),
      { pushing: true },
    );
  // What the rows brought to our side is part of what is compared now.
  const now = await loaded(
    sync,
    marked.filter(({ dirty: { id } }) => !fresh.moved.has(id)).map(({ dirty: each }) => each),
  );
  const rows = new Map(fresh.rows.map((found) => [fullId(found.row.Id), found]));
  const { parcels, agreed } = await parcelsOf(sync, now, { rows, byAddress: fresh.byAddress });
  await settle(sync, agreed);
  await sendAll(sync, parcels);
}

async function loaded({ app }: Sync, dirty: readonly Dirty[]): Promise<Marked[]> {
  const records = await app.table.getMany(
    dirty.map(({ id }) => recordKey(personRef(id))),
    CrmRecord,
  );
  const byId = new Map(records.map((record) => [record.id, record]));
  const twins = await readTwins(
    app,
    dirty.map(({ id }) => id),
  );
  const links = await readLinks(
    app,
    [...twins.values()].filter(({ state }) => state === 'LINKED').map(({ salesforceId }) => salesforceId),
  );
  return dirty.flatMap((each) => {
    const record = byId.get(each.id);
    const twin = twins.get(each.id);
    const found = twin?.state === 'LINKED' ? links.get(twin.salesforceId) : undefined;
    const link = found?.recordId === each.id ? found : undefined;
    return record && !record.archivedAt ? [{ dirty: each, record, ...(twin && { twin }), ...(link && { link }) }] : [];
  });
}

/** Who is to be looked at: not those who are gone, left out by the list, untied by a deletion there, or as they were. */
async function selected(sync: Sync, dirty: readonly Dirty[]): Promise<{ marked: Marked[]; done: Dirty[] }> {
  const all = await loaded(sync, dirty);
  const included = await includedOf(
    sync,
    all.map(({ record }) => record.id),
  );
  const marked = all.filter(({ dirty: { force, relink }, record, twin, link }) => {
    if (!included.has(record.id)) return false;
    if (twin?.state === 'UNLINKED') return relink === true;
    return !link || force || !isUnchangedHere(mappingsFor(sync.mappings, link.sobject), record.properties, link);
  });
  const chosen = new Set(marked.map((each) => each.dirty));
  return { marked, done: dirty.filter((each) => !chosen.has(each)) };
}

/** Nothing is to be sent for these: their marks go, and refusals of earlier tries. */
async function settle(sync: Sync, dirty: readonly Dirty[]): Promise<void> {
  if (sync.hasErrors) {
    const ids = dirty.map(({ id }) => id);
    const forget = await forgetSteps(sync.app, ids);
    await commitGroups(
      sync.app.table,
      [...forget.values()].map((step) => [step]),
    );
  }
  await clean(sync, dirty);
}

type Fresh = {
  readonly rows: readonly Found[];
  readonly byAddress: ReadonlyMap<string, Found>;
  /** Records whose links were followed to another one: the next look is for them. */
  readonly moved: ReadonlySet<string>;
};

/** What Salesforce has of these people at this moment: the linked ones by id, the others by their address. */
async function freshRows(sync: Sync, marked: readonly Marked[]): Promise<Fresh> {
  const rows: Found[] = [];
  const moved = new Set<string>();
  for (const sobject of sobjects) {
    const linked = marked.filter(({ link }) => link?.sobject === sobject);
    const found = await sync.client.retrieve(
      sobject,
      linked.map(({ link }) => link?.salesforceId ?? ''),
      fieldsOf(sync, sobject),
    );
    const missing = linked.filter((_, position) => !found[position] || found[position]?.IsDeleted === true);
    for (const id of await lost(sync, missing)) moved.add(id);
    rows.push(...found.flatMap((row) => (row && row.IsDeleted !== true ? [{ sobject, row }] : [])));
  }
  const people = new Map<string, string>();
  for (const { link, record } of marked) {
    const address = link ? null : normalise('email', record.properties.email);
    if (address !== null) people.set(address, record.id);
  }
  const byAddress = await findByAddress(sync, people);
  return { rows: [...rows, ...byAddress.values()], byAddress, moved };
}

/** Linked records that were not found: followed to where they are now, or refused when nobody shows them to us. */
async function lost(sync: Sync, missing: readonly Marked[]): Promise<string[]> {
  if (missing.length === 0) return [];
  const followed = await followMoved(
    sync,
    missing.flatMap(({ link }) => link ?? []),
  );
  const hidden = missing.filter(({ link }) => link && !followed.has(link.salesforceId));
  for (const { record, link } of hidden)
    await refuse(sync, {
      category: 'PERMISSIONS',
      code: 'NOT_FOUND',
      message: 'The record is there, but may not be read',
      recordId: record.id,
      salesforceId: link?.salesforceId,
      sobject: link?.sobject,
    });
  await clean(
    sync,
    hidden.map(({ dirty }) => dirty),
  );
  return missing.map(({ record }) => record.id);
}

type Rows = { readonly rows: ReadonlyMap<string, Found>; readonly byAddress: ReadonlyMap<string, Found> };

async function parcelsOf(sync: Sync, marked: readonly Marked[], known: Rows) {
  const parcels: Parcel[] = [];
  const agreed: Dirty[] = [];
  await inParallel(marked, 8, async (each) => {
    const { dirty, record, link } = each;
    const row = link && known.rows.get(link.salesforceId)?.row;
    const address = normalise('email', record.properties.email);
    const taken = link || address === null ? undefined : known.byAddress.get(address);
    if (link && row) {
      const parcel = await changeParcel(sync, each, link, row);
      if (parcel) parcels.push(parcel);
      else agreed.push(dirty);
    } else if (taken) await refuseTaken(sync, each, taken);
    else if (!link) parcels.push(await newParcel(sync, each));
  });
  return { parcels, agreed };
}

async function refuseTaken(sync: Sync, { dirty, record }: Marked, { sobject, row }: Found): Promise<void> {
  const message = `${sobject} ${row.Id} has the same address, and belongs to another record`;
  const salesforceId = fullId(row.Id);
  await refuse(sync, {
    category: 'DUPLICATES',
    code: 'SAME_ADDRESS',
    message,
    recordId: record.id,
    salesforceId,
    sobject,
  });
  await clean(sync, [dirty]);
}

async function changeParcel(sync: Sync, { dirty, record, twin }: Marked, link: Link, row: Found['row']) {
  const { app, client } = sync;
  const mappings = mappingsFor(sync.mappings, link.sobject);
  const states = statesOf(mappings, { row, properties: record.properties, link });
  const type = await loadObjectType(app, contactType);
  const at = { clockOffsetMs: client.clockOffsetMs, since: link.syncedAt };
  const latest = await latestSides(app, { type, record, row, states: contested(states) }, at);
  const { intoSalesforce, explainSalesforce: explain } = planPerson(states, latest);
  if (Object.keys(intoSalesforce).length === 0 && row[externalIdField] === record.id) return undefined;
  const facts = await factsOf(sync, link.sobject, record, intoSalesforce.Company === null);
  return { dirty, record, sobject: link.sobject, link, twin, sent: sentFor(intoSalesforce, facts), explain };
}

async function newParcel(sync: Sync, { dirty, record, twin }: Marked): Promise<Parcel> {
  const sobject: Sobject = sync.settings.createAs === 'lead' ? 'Lead' : 'Contact';
  const facts = await factsOf(sync, sobject, record, needsCompany(sobject, {}, record.properties));
  const sent = sentForNew(facts);
  const explain: Explain = {};
  for (const { field, property, rule } of facts.mappings) {
    const value = sent.values[field];
    if (value)
      explain[property] = { rule, winner: { side: 'tsunagi', value }, loser: { side: 'salesforce', value: null } };
  }
  return { dirty, record, sobject, link: undefined, twin, sent, explain };
}

async function factsOf(sync: Sync, sobject: Sobject, { id, properties }: CrmRecord, lacksCompany: boolean) {
  const companyName = lacksCompany ? await companyNameOf(sync.app, id) : undefined;
  return { sobject, mappings: mappingsFor(sync.mappings, sobject), properties, companyName };
}

/** Sends in full calls, a few at once. The first trouble stops those that have not begun; what was answered is stored. */
async function sendAll(sync: Sync, parcels: readonly Parcel[]): Promise<void> {
  const calls = [
    ...Map.groupBy(parcels, ({ sobject, link }) => `${sobject} ${link ? 'change' : 'new'}`).values(),
  ].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / parcelsPerCall) }, (_, position) =>
      group.slice(position * parcelsPerCall, (position + 1) * parcelsPerCall),
    ),
  );
  const troubles: unknown[] = [];
  await inParallel(calls, callsAtOnce, async (call) => {
    if (troubles.length > 0 || sync.outOfTime()) return;
    await sendParcels(sync, call).catch((error: unknown) => troubles.push(error));
  });
  if (troubles.length > 0) throw troubles[0];
}
