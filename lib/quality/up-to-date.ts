import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmRecord } from '../objects/record.ts';
import { pause, StaleRead } from '../table/contention.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey } from '../table/keys.ts';
import { nameStateKey, samePersonPartition } from '../table/quality-keys.ts';
import { ConditionFailed, type Table, transactionLimit } from '../table/table.ts';
import { signsOf } from './same-person.ts';
import type { FindingType, KnownWord, NameInput, Suggestion } from './schema.ts';
import { type Change, changeOf, counterWrites, dismissalOf, NameState } from './state.ts';
import { currentWords } from './words-store.ts';

const contacts = '0-1';
const mostTries = 30;
const queriesAtOnce = 8;
const duplicatesShown = 5;
/** In larger groups those beyond know of doubles for long. */
const neighboursLookedAt = 50;

type Suggest = (input: NameInput, words: readonly KnownWord[]) => Suggestion;

/** The lexicon is loaded when the first name is looked at. */
const loadSuggest = async (): Promise<Suggest> => (await import('./suggest.ts')).suggestName;

/**
 * Makes the findings of contacts say what the contacts are now. What was found before stands in a row of its own, which is read before
 * the contact and written, with findings and counters in one transaction, only if nobody wrote it meanwhile. So it does not matter how
 * often, in which order or by how many processes at once contacts are looked at. Then the contacts that share a sign with them are looked
 * at: of two that come to share one at the same time, the later one sees the other.
 */
export async function bringNamesUpToDate(app: App, ids: readonly string[]): Promise<void> {
  const looked = await lookAt(app, ids);
  const signs = [...new Set(looked.flatMap((state) => [...state.signs, ...state.left]))];
  const met = await inParallel(signs, queriesAtOnce, (sign) => metAt(app, sign, looked));
  if (met.flat().length > 0) await lookAt(app, met.flat());
  await inParallel(
    looked.filter(({ left }) => left.length > 0),
    queriesAtOnce,
    (state) => forget(app, state),
  );
}

/**
 * Who must be looked at because of those who were: whoever has the sign and does not know of one who has it, too (it may have been read
 * before that one was written), and others who know of one that has left.
 */
async function metAt(app: App, sign: string, looked: readonly NameState[]): Promise<string[]> {
  const ids = new Set(looked.map(({ contactId }) => contactId));
  const own = looked.filter(({ signs }) => signs.includes(sign));
  const members = await withSign(app, sign, own.length + neighboursLookedAt);
  const others = await app.table.getMany(members.filter((id) => !ids.has(id)).map(nameStateKey), NameState);
  const left = looked.filter(({ signs }) => !signs.includes(sign)).map(({ contactId }) => contactId);
  const lacks = ({ contactId, duplicates }: NameState) =>
    duplicates.length < duplicatesShown && members.some((id) => id !== contactId && !duplicates.includes(id));
  const outdated = [...own, ...others].filter(lacks);
  const told = others.filter(({ duplicates }) => left.some((id) => duplicates.includes(id)));
  return [...outdated, ...told].map(({ contactId }) => contactId);
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

const Member = z.object({ contactId: z.string() });

async function withSign(app: App, sign: string, limit: number): Promise<string[]> {
  const { items } = await app.table.query({ pk: samePersonPartition(sign), limit }, Member);
  return items.map(({ contactId }) => contactId);
}

/** Looks at each contact until what was seen could be written. Returns what was written. */
async function lookAt(app: App, ids: readonly string[]): Promise<NameState[]> {
  const suggest = await loadSuggest();
  const written: NameState[] = [];
  let left = [...new Set(ids)];
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries === mostTries) throw new StaleRead('Others looked at the same contacts all the time');
    if (tries > 0) await pause(tries);
    const changes = await changesOf(app, left, suggest);
    const stale = new Set(await commitChanges(app.table, changes));
    written.push(...changes.filter((change) => !stale.has(change)).map(({ state }) => state));
    left = [...stale].map(({ state }) => state.contactId);
  }
  return written;
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
  return inParallel(ids, queriesAtOnce, async (id) => {
    const record = records.get(id);
    const before = states.get(id);
    const after = await stateOf(app, id, { record, before, words, suggest });
    return changeOf(before, after, app.now());
  });
}

const Contact = z.pick(CrmRecord, { id: true, properties: true, archivedAt: true, mergedInto: true });

type Seen = {
  readonly record: z.output<typeof Contact> | undefined;
  readonly before: NameState | undefined;
  readonly words: readonly KnownWord[];
  readonly suggest: Suggest;
};

async function stateOf(app: App, id: string, { record, before, words, suggest }: Seen): Promise<NameState> {
  const gone = record === undefined || record.archivedAt !== undefined || record.mergedInto !== undefined;
  const values: Readonly<Record<string, string>> = gone ? {} : record.properties;
  const { lastname = '', firstname = '', company, email, hubspot_owner_id: ownerId = '' } = values;
  const suggestion = suggest({ lastname, firstname, company, email }, words);
  const signs = signsOf(values);
  // A new contact as a rule shares none: that it does is seen when the others are looked at, after its own signs were written.
  const asked = before ? signs : [];
  const groups = await inParallel(asked, queriesAtOnce, (sign) => withSign(app, sign, duplicatesShown + 1));
  const duplicates = [...new Set(groups.flat())]
    .filter((other) => other !== id)
    .sort()
    .slice(0, duplicatesShown);
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
    gone,
    findings: Object.fromEntries(found.map((type) => [type, before?.findings[type] ?? app.now()])),
    ...(suggestion.findings.length > 0 && { suggestion }),
    signs,
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

/** A transaction takes a hundred writes; each change brings its own, and at most a counter for each of its deltas. */
function chunksOf(changes: readonly Change[]): Change[][] {
  const chunks: Change[][] = [];
  let size = transactionLimit;
  for (const change of changes) {
    const needed = change.writes.length + change.deltas.length;
    if (size + needed > transactionLimit) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(change);
    size += needed;
  }
  return chunks;
}
