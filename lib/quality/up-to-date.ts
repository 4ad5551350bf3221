import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmRecord } from '../objects/record.ts';
import { pause, StaleRead } from '../table/contention.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey } from '../table/keys.ts';
import { nameStateKey } from '../table/quality-keys.ts';
import { ConditionFailed, type Table, transactionLimit } from '../table/table.ts';
import { clearEmpty, doublesOf, duplicatesShown, fullGroup, type Groups, groupWrites, readGroups } from './doubles.ts';
import { signsOf } from './same-person.ts';
import type { FindingType, KnownWord, NameInput, Suggestion } from './schema.ts';
import { type Change, changeOf, counterWrites, dismissalOf, NameState } from './state.ts';
import { currentWords } from './words-store.ts';

const contacts = '0-1';
const mostTries = 30;
const writesAtOnce = 8;
const mostRounds = 10;

type Suggest = (input: NameInput, words: readonly KnownWord[]) => Suggestion;

/** The lexicon is loaded when the first name is looked at. */
const loadSuggest = async (): Promise<Suggest> => (await import('./suggest.ts')).suggestName;

/**
 * Makes the findings of contacts say what the contacts are now. What was found before stands in a row of its own, which is read before
 * the contact and written, with findings and counters in one transaction, only if nobody wrote it meanwhile. So it does not matter how
 * often, in which order or by how many processes at once contacts are looked at. Then the contacts that share a sign with them are looked
 * at, until all say what the signs say: of two that come to share one at the same time, the later one sees the other. A hundred contacts
 * cost five requests to read, however many signs they have.
 */
export async function bringNamesUpToDate(app: App, ids: readonly string[]): Promise<void> {
  const left = new Map<string, NameState>();
  let outdated = ids;
  for (let round = 0; outdated.length > 0; round += 1) {
    if (round === mostRounds) throw new StaleRead('Others changed contacts with the same signs all the time');
    // Who was faster with a neighbour looks at the signs after it, too, and sees all that was seen here.
    const looked = round === 0 ? await lookAt(app, outdated) : (await lookOnce(app, outdated)).written;
    for (const state of looked) left.set(state.contactId, state);
    outdated = await outdatedBy(app, looked);
  }
  await inParallel(
    [...left.values()].filter(({ left }) => left.length > 0),
    writesAtOnce,
    (state) => forget(app, state),
  );
}

/**
 * Who must be looked at because of those who were: they themselves, where the signs say something else than they were seen to say; whoever
 * has a sign and does not know of one who has it, too (it may have been read before that one was written); and who knows of one that left.
 */
async function outdatedBy(app: App, looked: readonly NameState[]): Promise<string[]> {
  const groups = await readGroups(app, [...new Set(looked.flatMap(({ signs, left }) => [...signs, ...left]))]);
  const ids = new Set(looked.map(({ contactId }) => contactId));
  const others = [...new Set([...groups.values()].flatMap((group) => [...group]))].filter((id) => !ids.has(id));
  const states = await app.table.getMany(others.map(nameStateKey), NameState);
  await clearEmpty(app, groups);
  const leavers = new Map<string, string[]>();
  for (const { contactId, left } of looked)
    for (const sign of left) leavers.set(sign, [...(leavers.get(sign) ?? []), contactId]);
  const isOutdated = ({ contactId, signs, duplicates }: NameState) => {
    const known = doublesOf(contactId, signs, groups);
    const lacks = duplicates.length < duplicatesShown && known.some((id) => !duplicates.includes(id));
    return lacks || signs.some((sign) => leavers.get(sign)?.some((id) => duplicates.includes(id)));
  };
  const differs = ({ contactId, signs, duplicates }: NameState) =>
    doublesOf(contactId, signs, groups).join() !== duplicates.join();
  return [...looked.filter(differs), ...states.filter(isOutdated)].map(({ contactId }) => contactId);
}

/** The neighbours at the signs that a contact left have been looked at. Another look takes over what it finds here. */
async function forget(app: App, before: NameState): Promise<void> {
  const current = await app.table.get(nameStateKey(before.contactId), NameState);
  if (current?.turn !== before.turn) return;
  const { writes } = changeOf(before, { ...before, turn: before.turn + 1, left: [] }, app.now());
  await app.table.commit(writes).catch((error: unknown) => {
    if (!(error instanceof ConditionFailed)) throw error;
  });
}

/** Looks at each contact until what was seen could be written. Returns what was written. */
async function lookAt(app: App, ids: readonly string[]): Promise<NameState[]> {
  const all: NameState[] = [];
  let left = [...new Set(ids)];
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries === mostTries) throw new StaleRead('Others looked at the same contacts all the time');
    if (tries > 0) await pause(tries);
    const { written, stale } = await lookOnce(app, left);
    all.push(...written);
    left = stale;
  }
  return all;
}

/** `stale`: those that somebody else wrote meanwhile. */
async function lookOnce(app: App, ids: readonly string[]): Promise<{ written: NameState[]; stale: string[] }> {
  const changes = await changesOf(app, ids, await loadSuggest());
  const stale = new Set(await commitChanges(app.table, changes));
  return {
    written: changes.filter((change) => !stale.has(change)).map(({ state }) => state),
    stale: [...stale].map(({ state }) => state.contactId),
  };
}

async function changesOf(app: App, ids: readonly string[], suggest: Suggest): Promise<Change[]> {
  const states = new Map(
    (await app.table.getMany(ids.map(nameStateKey), NameState)).map((state) => [state.contactId, state]),
  );
  const words = await currentWords(app);
  const records = new Map(
    (
      await app.table.getMany(
        ids.map((id) => recordKey({ objectType: contacts, id })),
        Contact,
      )
    ).map((record) => [record.id, record]),
  );
  const signs = new Map(ids.map((id) => [id, signsOf(valuesOf(records.get(id)))]));
  const groups = await readGroups(app, [...new Set([...signs.values()].flat())]);
  return ids.map((id) => {
    const before = states.get(id);
    const seen = { record: records.get(id), before, signs: signs.get(id) ?? [], groups, words, suggest };
    return changeOf(before, stateOf(app, id, seen), app.now());
  });
}

const Contact = z.pick(CrmRecord, { id: true, properties: true, archivedAt: true, mergedInto: true });

type Contact = z.output<typeof Contact>;

const isGone = (record: Contact | undefined) =>
  record === undefined || record.archivedAt !== undefined || record.mergedInto !== undefined;
const valuesOf = (record: Contact | undefined): Readonly<Record<string, string>> =>
  record && !isGone(record) ? record.properties : {};

type Seen = {
  readonly record: Contact | undefined;
  readonly before: NameState | undefined;
  readonly signs: readonly string[];
  readonly groups: Groups;
  readonly words: readonly KnownWord[];
  readonly suggest: Suggest;
};

function stateOf(app: App, id: string, { record, before, signs, groups, words, suggest }: Seen): NameState {
  const values = valuesOf(record);
  const { lastname = '', firstname = '', company, email, hubspot_owner_id: ownerId = '' } = values;
  const suggestion = suggest({ lastname, firstname, company, email }, words);
  const duplicates = doublesOf(id, signs, groups);
  const crowded = signs.filter((sign) => {
    const group = groups.get(sign);
    return group !== undefined && group.size >= fullGroup && !group.has(id);
  });
  const types: FindingType[] = [
    ...suggestion.findings,
    ...(duplicates.length > 0 ? (['DUPLICATE_PERSON'] as const) : []),
  ];
  const said = { lastname, firstname, duplicates };
  const dismissed = Object.fromEntries(
    Object.entries(before?.dismissed ?? {}).filter(([type, what]) => what === dismissalOf(type, said)),
  );
  const found = types.filter((type) => !(type in dismissed));
  return {
    contactId: id,
    turn: (before?.turn ?? 0) + 1,
    ...said,
    ownerId,
    gone: isGone(record),
    findings: Object.fromEntries(found.map((type) => [type, before?.findings[type] ?? app.now()])),
    ...(suggestion.findings.length > 0 && { suggestion }),
    signs: [...signs],
    ...(crowded.length > 0 && { crowded }),
    left: [...new Set([...(before?.left ?? []), ...(before?.signs ?? [])])].filter((sign) => !signs.includes(sign)),
    dismissed,
  };
}

/** Commits many changes, several to a transaction. Returns those that somebody else was faster with. */
async function commitChanges(table: Table, changes: readonly Change[]): Promise<Change[]> {
  const stale: Change[] = [];
  for (const chunk of chunksOf(changes)) stale.push(...(await commitChunk(table, chunk)));
  return stale;
}

async function commitChunk(table: Table, chunk: readonly Change[]): Promise<Change[]> {
  const stale: Change[] = [];
  let left = chunk;
  while (left.length > 0) {
    try {
      await table.commit([
        ...left.flatMap(({ writes }) => writes),
        ...counterWrites(left.flatMap(({ deltas }) => deltas)),
        ...groupWrites(left.flatMap(({ signs }) => signs)),
      ]);
      return stale;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const failed = refusedOf(left, error);
      if (failed.size === 0) throw error;
      stale.push(...failed);
      left = left.filter((change) => !failed.has(change));
    }
  }
  return stale;
}

/** The changes that own the writes at the refused positions. */
function refusedOf(changes: readonly Change[], error: ConditionFailed): Set<Change> {
  const owners = changes.flatMap((change) => change.writes.map(() => change));
  return new Set(error.failed.flatMap(({ position }) => owners[position] ?? []));
}

/** A transaction takes a hundred writes; each change brings its own, and at most one for each of its deltas and signs. */
function chunksOf(changes: readonly Change[]): Change[][] {
  const chunks: Change[][] = [];
  let size = transactionLimit;
  let signs = new Map<string, boolean>();
  for (const change of changes) {
    const needed = change.writes.length + change.deltas.length + change.signs.length;
    const opposed = change.signs.some(({ sign, has }) => signs.get(sign) === !has);
    if (opposed || size + needed > transactionLimit) {
      chunks.push([]);
      size = 0;
      signs = new Map();
    }
    chunks.at(-1)?.push(change);
    size += needed;
    for (const { sign, has } of change.signs) signs.set(sign, has);
  }
  return chunks;
}
