import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { readOwners } from '../objects/batch.ts';
import { alreadyExists } from '../objects/duplicates.ts';
import { importTrialKey } from '../table/import-keys.ts';
import type { Key } from '../table/keys.ts';
import { transactionLimit } from '../table/table.ts';
import type { Write } from '../table/write.ts';
import { keptUntil, nameWrites, type Planned, type Writing } from './planned.ts';
import type { Entry } from './row.ts';

/** A unique value that a row before would have taken. */
const Claimed = z.object({ pk: z.string(), recordId: z.string(), file: z.number(), line: z.number() });
type Claimed = z.output<typeof Claimed>;

type Claim = { readonly key: Key; readonly property: string; readonly value: string };

/**
 * What rows of a trial would meet: unique values that another record has, or that a row before, in whichever part of the files, would have
 * taken. What the rows would take is noted for those after them, with the row's place, so that a repeat finds its own notes and no others.
 */
export async function tryRows(
  app: App,
  writing: Writing,
  entries: readonly Entry[],
  planned: readonly (Planned | CrmError)[],
): Promise<(Planned | CrmError)[]> {
  const claims = planned.map((row) => (row instanceof CrmError ? [] : claimsOf(row, writing)));
  const all = claims.flat();
  const owners = await readOwners(
    app,
    all.map(({ key }) => key),
  );
  const notes = await app.table.getMany(
    all.map(({ value }) => importTrialKey(writing.importId, value)),
    Claimed,
  );
  const claimed = new Map<string, Claimed>(notes.map((note) => [note.pk, note]));
  const writes: Write[] = [];
  const tried = planned.map((row, position) => {
    if (row instanceof CrmError) return row;
    const entry = entries[position] as Entry;
    const own = claims[position] ?? [];
    const met = meet(writing, entry, { row, claims: own, owners, claimed });
    if (met instanceof CrmError) return met;
    for (const { value } of own) {
      const note = {
        ...importTrialKey(writing.importId, value),
        recordId: met.record.id,
        file: entry.file,
        line: entry.line,
      };
      if (isBefore(claimed.get(note.pk), entry)) continue;
      claimed.set(note.pk, note);
      writes.push({ put: { ...note, entity: 'import-trial', expiresAt: keptUntil(app) } });
    }
    writes.push(...nameWrites(app, writing, entry, met.record.id));
    return met;
  });
  await note(app, writes);
  return tried;
}

const claimsOf = ({ steps }: Planned, { plan }: Writing): Claim[] =>
  steps.flatMap(({ write }) =>
    'put' in write && write.put.entity === 'unique'
      ? [{ key: write.put, property: String(write.put.property), value: `${plan.type.objectTypeId}#${write.put.pk}` }]
      : [],
  );

const isBefore = (note: Claimed | undefined, { file, line }: Entry): note is Claimed =>
  note !== undefined && (note.file < file || (note.file === file && note.line < line));

type Meeting = {
  readonly row: Planned;
  readonly claims: readonly Claim[];
  readonly owners: ReadonlyMap<string, string>;
  readonly claimed: ReadonlyMap<string, Claimed>;
};

/** A key that a row before would have made is that row's record; any other value that is taken is a conflict. */
function meet(
  { importId, plan }: Writing,
  entry: Entry,
  { row, claims, owners, claimed }: Meeting,
): Planned | CrmError {
  let found = row;
  for (const { key, property, value } of claims) {
    const owner = owners.get(key.pk);
    if (owner !== undefined && owner !== row.record.id) return alreadyExists(plan.type, property, owner);
    const before = claimed.get(importTrialKey(importId, value).pk);
    if (!isBefore(before, entry) || before.recordId === found.record.id) continue;
    const isKey = row.created && plan.operation === 'UPSERT' && plan.key?.property === property;
    if (!isKey) return alreadyExists(plan.type, property, before.recordId);
    found = { ...row, record: { ...row.record, id: before.recordId }, created: false };
  }
  return found;
}

/** Each note once, the last of those for one key. */
async function note(app: App, writes: readonly Write[]): Promise<void> {
  const byKey = new Map(
    writes.flatMap((write) => ('put' in write ? [[`${write.put.pk}\n${write.put.sk}`, write]] : [])),
  );
  const distinct = [...byKey.values()];
  for (let start = 0; start < distinct.length; start += transactionLimit)
    await app.table.commit(distinct.slice(start, start + transactionLimit));
}
