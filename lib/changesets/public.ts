import * as z from 'zod/mini';
import { Actor, Changes } from '../../events/define.ts';
import type { App } from '../core/app.ts';
import { Paging } from '../core/page.ts';
import { mayAccess } from '../core/scopes.ts';
import { findJob } from '../jobs/store.ts';
import {
  changeSetCountKey,
  changeSetKey,
  changeSetKindListing,
  changeSetListing,
  changeSetPartition,
  changeSetTwinKey,
  keptPrefix,
  refusedPrefix,
} from '../table/change-set-keys.ts';
import { eventKey } from '../table/keys.ts';
import { readRows } from './rows.ts';
import { ChangeSet, ChangeSetKind } from './schema.ts';
import { readChangeSet } from './store.ts';

const Counts = z.object({
  changed: z.number(),
  created: z.number(),
  archived: z.number(),
  restored: z.number(),
  merged: z.number(),
  associated: z.number(),
  dissociated: z.number(),
  listed: z.number(),
  unlisted: z.number(),
  undone: z.number(),
  kept: z.number(),
  refused: z.number(),
});
type Counts = z.output<typeof Counts>;

/** A change set as the API shows it in a list. */
export const PublicChangeSet = z.object({
  id: z.string(),
  kind: ChangeSetKind,
  title: z.string(),
  author: Actor,
  createdAt: z.string(),
  status: z.string(),
  jobId: z.optional(z.string()),
  undoJobId: z.optional(z.string()),
  undoneBy: z.optional(z.string()),
  undoes: z.optional(z.string()),
});

const KeptRow = z.object({
  eventId: z.string(),
  objectType: z.string(),
  recordId: z.string(),
  property: z.optional(z.string()),
  reason: z.string(),
  message: z.optional(z.string()),
});
const RefusedRow = z.object({ objectType: z.string(), recordId: z.string(), message: z.string() });

/** One change set with a page of its rows; what an undo kept and what could not be changed are cut at 500. */
export const ChangeSetView = z.extend(PublicChangeSet, {
  counts: Counts,
  rows: z.array(
    z.object({
      eventId: z.string(),
      type: z.string(),
      objectType: z.string(),
      recordId: z.string(),
      changes: z.optional(Changes),
    }),
  ),
  kept: z.array(KeptRow),
  refused: z.array(RefusedRow),
  paging: z.optional(Paging),
});

export const toPublicChangeSet = ({ version: _, ...shown }: ChangeSet) => shown;

const Listed = z.object({ id: z.string() });

/** Change sets, newest first, of one kind if wanted. One that was made a moment ago may be missing. */
export async function listChangeSets(
  app: App,
  { kind, after, limit }: { readonly kind?: ChangeSetKind; readonly after?: string; readonly limit: number },
): Promise<{ readonly changeSets: ChangeSet[]; readonly after?: string }> {
  const pk = kind === undefined ? changeSetListing : changeSetKindListing(kind);
  const keyOf = kind === undefined ? changeSetKey : changeSetTwinKey;
  const position = after && { startAfter: { ...keyOf(after), gsi1pk: pk, gsi1sk: after } };
  const page = await app.table.query({ pk, index: 'gsi1', descending: true, limit: limit + 1, ...position }, Listed);
  const ids = page.items.slice(0, limit).map(({ id }) => id);
  const found = new Map(
    (await app.table.getMany(ids.map(changeSetKey), ChangeSet)).map((changeSet) => [changeSet.id, changeSet]),
  );
  const last = ids.at(-1);
  return {
    changeSets: ids.flatMap((id) => found.get(id) ?? []),
    ...((page.items.length > limit || page.lastKey) && last && { after: last }),
  };
}

const mostListed = 500;
const StoredKept = z.extend(z.pick(KeptRow, { eventId: true, objectType: true, recordId: true }), {
  kept: z.array(z.pick(KeptRow, { property: true, reason: true, message: true })),
});

/** A change set with a page of its rows; those of types that the token may not read are left out. @throws CrmError 404 */
export async function viewChangeSet(
  app: App,
  id: string,
  page: { readonly limit: number; readonly after?: string },
): Promise<{ readonly view: Omit<z.input<typeof ChangeSetView>, 'paging'>; readonly after?: string }> {
  const changeSet = await readChangeSet(app, id);
  const [counts, { rows, after }, kept, refused] = await Promise.all([
    countsOf(app, changeSet),
    readRows(app, id, page),
    changeSet.undoneBy === undefined ? [] : keptBy(app, changeSet.undoneBy),
    app.table.query({ pk: changeSetPartition(id), prefix: refusedPrefix, limit: mostListed }, RefusedRow),
  ]);
  const readable = ({ objectType }: { readonly objectType: string }) => mayAccess(app, objectType, 'read');
  const visible = rows.filter(readable);
  const events = await changesOf(app, visible);
  const shown = visible.map((row) => ({ ...row, ...events.get(row.eventId) }));
  const view = {
    ...toPublicChangeSet(changeSet),
    counts,
    rows: shown,
    kept: kept.filter(readable),
    refused: refused.items.filter(readable),
  };
  return { view, ...(after && { after }) };
}

const Logged = z.object({ detail: z.object({ id: z.string(), changes: z.optional(Changes) }) });

/** What changed, from the events; those of a record that was erased are gone. */
async function changesOf(app: App, rows: readonly { objectType: string; recordId: string; eventId: string }[]) {
  const keys = rows.map(({ objectType, recordId, eventId }) => eventKey({ objectType, id: recordId }, eventId));
  const events = await app.table.getMany(keys, Logged);
  return new Map(events.map(({ detail: { id, changes } }) => [id, { ...(changes && { changes }) }] as const));
}

async function keptBy(app: App, undoId: string): Promise<z.output<typeof KeptRow>[]> {
  const { items } = await app.table.query(
    { pk: changeSetPartition(undoId), prefix: keptPrefix, limit: mostListed },
    StoredKept,
  );
  return items.flatMap(({ kept, ...row }) => kept.map((each) => ({ ...row, ...each })));
}

const StoredCounts = z.catchall(z.object({ pk: z.string(), sk: z.string() }), z.number());

/** What was changed the projector counts, right within a second; what was undone and kept the undo's job does. */
async function countsOf(app: App, { id, jobId, undoJobId }: ChangeSet): Promise<Counts> {
  const [stored, job, undo] = await Promise.all([
    app.table.get(changeSetCountKey(id), StoredCounts),
    jobId === undefined ? undefined : findJob(app, jobId),
    undoJobId === undefined ? undefined : findJob(app, undoJobId),
  ]);
  const told: Readonly<Record<string, unknown>> = {
    ...stored,
    undone: undo?.counts.undone,
    kept: undo?.counts.kept,
    refused: job?.counts.refused,
  };
  const count = (name: keyof Counts) => Number(told[name] ?? 0);
  return {
    changed: count('changed'),
    created: count('created'),
    archived: count('archived'),
    restored: count('restored'),
    merged: count('merged'),
    associated: count('associated'),
    dissociated: count('dissociated'),
    listed: count('listed'),
    unlisted: count('unlisted'),
    undone: count('undone'),
    kept: count('kept'),
    refused: count('refused'),
  };
}
