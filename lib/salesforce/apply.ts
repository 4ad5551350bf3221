import { CrmError } from '../core/errors.ts';
import { readOwners } from '../objects/batch.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { uniqueRowKey } from '../objects/read-store.ts';
import { CrmRecord } from '../objects/record.ts';
import { withRules } from '../objects/rules.ts';
import { StaleRead } from '../table/contention.ts';
import { commitGroups } from '../table/groups.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey } from '../table/keys.ts';
import { PreconditionFailed } from '../table/once.ts';
import { type Applied, applyRow, type Candidate } from './apply-row.ts';
import type { Row } from './client.ts';
import { forgetSteps } from './errors.ts';
import { fateOf, fatesOf, follow } from './gone.ts';
import { latestSides } from './latest.ts';
import { type Link, personRef, readLinks, readTwins, type Twin } from './link.ts';
import { contested, isUnchangedThere, mappingsFor, statesOf } from './plan.ts';
import { fullId } from './salesforce-id.ts';
import { contactType, externalIdField, type Sobject } from './schema.ts';
import { includedOf, refuse, type Sync } from './sync.ts';
import { normalise } from './value.ts';

const rowsAtOnce = 200;
const mostTries = 6;

type Options = {
  /** The rows belong to records that are about to be sent: each is looked at, and none is marked. */
  readonly pushing?: boolean;
};

type Batch = Required<Options> & {
  readonly sync: Sync;
  readonly sobject: Sobject;
  /** By Salesforce id: properties that ours refuses. */
  readonly blocked: Map<string, Map<string, string>>;
  last: boolean;
};

/**
 * Brings rows of Salesforce to our side: linked people are merged field by field, others are found by our id or their address, or made.
 * When it returns every row is stored, left out by a setting, or among the refusals. Safe to repeat.
 */
export async function applyRows(
  sync: Sync,
  sobject: Sobject,
  rows: readonly Row[],
  { pushing = false }: Options = {},
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const batch: Batch = { sync, sobject, pushing, blocked: new Map(), last: false };
    let left: readonly Row[] = rows.slice(start, start + rowsAtOnce);
    for (let tries = 1; left.length > 0; tries += 1) {
      if (tries > mostTries) throw new StaleRead('Others write to these people all the time');
      batch.last = tries === mostTries;
      left = await applyOnce(batch, left);
    }
  }
}

/** One try; the answer is the rows that somebody else wrote to meanwhile. */
async function applyOnce(batch: Batch, rows: readonly Row[]): Promise<Row[]> {
  const { sync, sobject, pushing } = batch;
  const links = await readLinks(
    sync.app,
    rows.map(({ Id }) => fullId(Id)),
  );
  const mappings = mappingsFor(sync.mappings, sobject);
  const again: Row[] = [];
  const people: { row: Row; link: Link | undefined }[] = [];
  for (const row of rows) {
    const link = links.get(fullId(row.Id));
    const fate = fateOf(row, sobject);
    if (fate) {
      if (link && !(await unlessStale(() => follow(sync, link, fate)))) again.push(row);
    } else if (!link || pushing || !isUnchangedThere(mappings, row, link)) people.push({ row, link });
  }
  const candidates = await candidatesOf(batch, people, again);
  const applied = await decide(batch, candidates);
  return [...again, ...(await store(batch, applied))];
}

async function unlessStale(run: () => Promise<void>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (error instanceof StaleRead || error instanceof PreconditionFailed) return false;
    throw error;
  }
}

/** The people of these rows as we know them; what a setting leaves out is counted, what is in conflict refused. */
async function candidatesOf(
  batch: Batch,
  people: readonly { row: Row; link: Link | undefined }[],
  again: Row[],
): Promise<Candidate[]> {
  const { sync, sobject } = batch;
  const matches = await matchesOf(
    sync,
    people.flatMap(({ row, link }) => (link ? [] : [row])),
  );
  const ids = people.flatMap(({ row, link }) => link?.recordId ?? matches.get(row.Id) ?? []);
  const records = await readRecords(sync, ids);
  const twins = await readTwins(sync.app, [...matches.values()]);
  const included = await includedOf(sync, [...new Set(ids)]);
  const candidates: Candidate[] = [];
  const addresses = new Set<string>();
  const conflicts: { row: Row; twin: Twin }[] = [];
  for (const { row, link } of people) {
    const id = link?.recordId ?? matches.get(row.Id);
    const record = id === undefined ? undefined : records.get(id);
    const address = link ? null : normalise('email', row.Email);
    if (address !== null && addresses.has(address)) {
      again.push(row);
      continue;
    }
    if (address !== null) addresses.add(address);
    const blocked = batch.blocked.get(row.Id);
    if (link) {
      if (record && included.has(record.id)) candidates.push({ row, link, record, ...(blocked && { blocked }) });
    } else if (record) {
      const twin = twins.get(record.id);
      if (twin?.state === 'LINKED') conflicts.push({ row, twin });
      else if (included.has(record.id)) candidates.push({ row, record, twin });
      else sync.counts.skipped += 1;
    } else if (sync.settings.importNew[sobject === 'Lead' ? 'leads' : 'contacts']) candidates.push({ row });
    else sync.counts.skipped += 1;
  }
  again.push(...(await settleConflicts(batch, conflicts)));
  return candidates;
}

async function readRecords({ app }: Sync, ids: readonly string[]): Promise<Map<string, CrmRecord>> {
  const found = await app.table.getMany(
    ids.map((id) => recordKey(personRef(id))),
    CrmRecord,
  );
  return new Map(found.filter(({ archivedAt }) => archivedAt === undefined).map((record) => [record.id, record]));
}

/** Which record of ours each row is: by the id that it carries, or else by its address. */
async function matchesOf(sync: Sync, rows: readonly Row[]): Promise<Map<string, string>> {
  const { app } = sync;
  const carried = new Map<string, string>();
  for (const row of rows) {
    const id = row[externalIdField];
    if (typeof id === 'string' && /^\d+$/.test(id)) carried.set(row.Id, id);
  }
  const alive = await readRecords(sync, [...carried.values()]);
  const keys = await inParallel(rows, 8, async (row) => {
    const address = normalise('email', row.Email);
    return address === null ? undefined : uniqueRowKey(app, contactType, 'email', address);
  });
  const owners = await readOwners(
    app,
    keys.flatMap((key) => key ?? []),
  );
  const matches = new Map<string, string>();
  rows.forEach((row, position) => {
    const byId = carried.get(row.Id);
    const match = byId !== undefined && alive.has(byId) ? byId : owners.get(keys[position]?.pk ?? '');
    if (match !== undefined) matches.set(row.Id, match);
  });
  return matches;
}

/**
 * People whom we know under another Salesforce id: a contact may be what a lead was converted into, whose link then moves here, and the
 * row is looked at again. Otherwise Salesforce has the person twice, and the second one is refused.
 */
async function settleConflicts(
  { sync, sobject }: Batch,
  conflicts: readonly { readonly row: Row; readonly twin: Twin }[],
): Promise<Row[]> {
  const leads = conflicts.flatMap(({ twin }) =>
    sobject === 'Contact' && twin.sobject === 'Lead' ? [twin.salesforceId] : [],
  );
  const fates = await fatesOf(sync, 'Lead', leads);
  const links = await readLinks(sync.app, [...fates.keys()]);
  const again: Row[] = [];
  for (const { row, twin } of conflicts) {
    const fate = fates.get(twin.salesforceId);
    const link = links.get(twin.salesforceId);
    if (fate && link) {
      await unlessStale(() => follow(sync, link, fate));
      again.push(row);
      continue;
    }
    await refuse(sync, {
      category: 'DUPLICATES',
      code: 'SAME_ADDRESS',
      message: `${sobject} ${row.Id} and ${twin.sobject} ${twin.salesforceId} are the same person; the record ${twin.recordId} is linked with the latter`,
      salesforceId: fullId(row.Id),
      sobject,
    });
  }
  return again;
}

async function decide({ sync, sobject, pushing }: Batch, candidates: readonly Candidate[]): Promise<Applied[]> {
  const { app, client } = sync;
  const type = await loadObjectType(app, contactType);
  const mappings = mappingsFor(sync.mappings, sobject);
  const timed = await inParallel(candidates, 4, async (candidate): Promise<Candidate> => {
    const { row, link, record } = candidate;
    if (!record) return candidate;
    const states = contested(statesOf(mappings, { row, properties: record.properties, link }));
    const { clockOffsetMs } = client;
    return {
      ...candidate,
      latest: await latestSides(app, { type, record, row, states }, { clockOffsetMs, since: link?.syncedAt }),
    };
  });
  return withRules(app, contactType, (type, check) =>
    timed.map((candidate) => applyRow({ app, type, check, mappings, sobject, pushing }, candidate)),
  );
}

async function store(batch: Batch, applied: readonly Applied[]): Promise<Row[]> {
  const { sync, pushing } = batch;
  const ids = applied.flatMap(({ recordId, candidate }) => [fullId(candidate.row.Id), ...(pushing ? [] : [recordId])]);
  const forget = sync.hasErrors ? await forgetSteps(sync.app, ids) : new Map();
  const groups = applied.map(({ steps, pending, refused, recordId, candidate }) => {
    const settled = pending || refused.length > 0 ? [] : [recordId];
    return [...steps, ...[fullId(candidate.row.Id), ...settled].flatMap((id) => forget.get(id) ?? [])];
  });
  const outcomes = await commitGroups(sync.app.table, groups);
  const again: Row[] = [];
  for (const [position, each] of applied.entries()) {
    const error = outcomes[position];
    if (error && (await mayTryAgain(batch, each, error))) again.push(each.candidate.row);
    else if (!error) await told(batch, each);
  }
  return again;
}

async function told({ sync, sobject, blocked }: Batch, { candidate, changes, recordId, refused }: Applied) {
  if (changes) sync.counts.pulled += 1;
  const [first] = refused;
  if (!first) return;
  const isTaken = blocked.get(candidate.row.Id)?.has(first.property) ?? false;
  await refuse(sync, {
    category: isTaken ? 'DUPLICATES' : 'PROPERTY_VALUES',
    code: isTaken ? 'VALUE_TAKEN' : 'VALUE_REFUSED',
    message: refused.map(({ property, message }) => `${property}: ${message}`).join('; '),
    recordId,
    salesforceId: fullId(candidate.row.Id),
    sobject,
  });
}

/** A lost race is run again. A value that another record has is left out of the next try; a new person is looked for again. */
async function mayTryAgain(batch: Batch, { candidate, recordId }: Applied, error: Error): Promise<boolean> {
  if (error instanceof StaleRead || error instanceof PreconditionFailed) return true;
  if (!(error instanceof CrmError)) throw error;
  const { row, record } = candidate;
  if (error.category === 'CONFLICT' && !batch.last) {
    const properties = error.options.errors?.[0]?.context?.propertyName ?? ['email'];
    const blocked = batch.blocked.get(row.Id) ?? new Map<string, string>();
    for (const property of properties) blocked.set(property, error.message);
    if (record) batch.blocked.set(row.Id, blocked);
    return true;
  }
  if (error.status >= 500) throw error;
  await refuse(batch.sync, {
    category: error.category === 'CONFLICT' ? 'DUPLICATES' : 'PROPERTY_VALUES',
    code: error.category,
    message: error.message,
    ...(record && { recordId }),
    salesforceId: fullId(row.Id),
    sobject: batch.sobject,
  });
  return false;
}
