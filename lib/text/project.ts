import { RecordUpdated } from '../../events/record.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { ObjectType } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { CrmRecord } from '../objects/record.ts';
import type { StreamedEvent } from '../stream/event-record.ts';
import { pause, StaleRead } from '../table/contention.ts';
import { commitGroups } from '../table/groups.ts';
import { inParallel } from '../table/in-parallel.ts';
import { type Key, type RecordRef, recordKey } from '../table/keys.ts';
import type { Step } from '../table/steps.ts';
import { textStateKey } from '../table/text-keys.ts';
import { textProperties } from './document.ts';
import { stepsTowards, TextState, wantedOf } from './state.ts';

type Told = Pick<StreamedEvent, 'type' | 'detail'>;
type Types = ReadonlyMap<string, ObjectType | undefined>;
type Move = { readonly ref: RecordRef; readonly steps: readonly Step[]; readonly more: boolean };

const typesAtOnce = 4;
const mostTries = 30;

/** Brings the text index up to these events: every event of a record but changes of properties that it is not found by. */
export async function projectText(app: App, events: readonly Told[]): Promise<void> {
  const told = events.filter(({ type }) => type.startsWith('record.'));
  const types = await typesOf(
    app,
    told.map(({ detail }) => detail.objectType),
  );
  const concerned = told.filter((event) => concerns(types.get(event.detail.objectType), event));
  await bringTextUpToDate(
    app,
    concerned.map(({ detail }) => ({ objectType: detail.objectType, id: detail.recordId })),
  );
}

function concerns(type: ObjectType | undefined, { type: event, detail }: Told): boolean {
  const names = type ? textProperties(type) : [];
  if (type && names.length === 0) return false;
  if (event !== RecordUpdated.type) return true;
  const changed = (detail.changes ?? {}) as object;
  return names.some((name) => name in changed);
}

/**
 * Makes the rows of records say what the records say now. What rows there are stands in a row of its own, which is read before the record
 * and written, in one transaction with the rows, only if nobody wrote it meanwhile. So it does not matter how often, in which order or by
 * how many processes at once records are brought up to date: the last one to write has seen the last version.
 */
export async function bringTextUpToDate(app: App, refs: readonly RecordRef[]): Promise<void> {
  let left = [...new Map(refs.map((ref) => [nameOf(recordKey(ref)), ref])).values()];
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries === mostTries) throw new StaleRead('Others brought the same records up to date all the time');
    const moves = await movesOf(app, left);
    const outcomes = await commitGroups(
      app.table,
      moves.map(({ steps }) => steps),
    );
    const failed = outcomes.find((error) => error && !(error instanceof StaleRead));
    if (failed) throw failed;
    left = moves.filter(({ more }, position) => more || outcomes[position]).map(({ ref }) => ref);
    if (outcomes.some(Boolean)) await pause(tries);
  }
}

/** The states first, then the records: who writes over a state has read the record after whoever wrote the state. */
async function movesOf(app: App, refs: readonly RecordRef[]): Promise<Move[]> {
  const states = byKey(await app.table.getMany(refs.map(textStateKey), TextState));
  const types = await typesOf(
    app,
    refs.map(({ objectType }) => objectType),
  );
  const found = await app.table.getMany(refs.map(recordKey), CrmRecord);
  const records = byKey(found.map((record) => ({ ...record, ...recordKey(record) })));
  const now = app.now();
  return refs.map((ref) => {
    const wanted = wantedOf(types.get(ref.objectType), records.get(nameOf(recordKey(ref))));
    return { ref, ...stepsTowards(ref, states.get(nameOf(textStateKey(ref))), wanted, now) };
  });
}

const nameOf = ({ pk, sk }: Key) => `${pk}\n${sk}`;
const byKey = <T extends Key>(items: readonly T[]) => new Map(items.map((item) => [nameOf(item), item]));

/** A type that was deleted has no records, and what is left of them is found by nothing. */
async function typesOf(app: App, names: readonly string[]): Promise<Types> {
  const entries = await inParallel(
    [...new Set(names)],
    typesAtOnce,
    async (name) => [name, await typeOf(app, name)] as const,
  );
  return new Map(entries);
}

async function typeOf(app: App, name: string): Promise<ObjectType | undefined> {
  try {
    return await loadObjectType(app, name);
  } catch (error) {
    if (error instanceof CrmError && error.status === 400) return undefined;
    throw error;
  }
}
