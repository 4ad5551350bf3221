import * as z from 'zod/mini';
import { RecordUnmerged } from '../../events/record.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { mayAccess } from '../core/scopes.ts';
import type { Job } from '../jobs/job.ts';
import { announceJob } from '../jobs/store.ts';
import { mergeRecords } from '../merges/store.ts';
import { keptKey, undoneMarkKey } from '../table/change-set-keys.ts';
import { contend } from '../table/contention.ts';
import { eventKey } from '../table/keys.ts';
import { AlreadyDone, type Mark } from '../table/once.ts';
import { commitOrThrow, onceStep, orStale } from '../table/steps.ts';
import type { Family } from './family.ts';
import { type Inverse, type Kept, left, nothing, type Undoing } from './inverse.ts';
import { undoMerge } from './inverse-merge.ts';
import { undoMembership, undoPair } from './inverse-pair.ts';
import { undoArchive, undoCreate, undoRestore, undoUpdate } from './inverse-record.ts';
import { LoggedEvent } from './later.ts';
import type { ChangeSetRow } from './rows.ts';

/** What became of a row: what its mark says, so that a repeat counts the same. */
const Outcome = z.object({ undone: z.number(), kept: z.number() });
export type Outcome = z.output<typeof Outcome>;

const inverses: Readonly<Record<string, (undoing: Undoing) => Promise<Inverse>>> = {
  'record.created': undoCreate,
  'record.updated': undoUpdate,
  'record.archived': undoArchive,
  'record.restored': undoRestore,
  'record.merged': undoMerge,
  'association.created': undoPair,
  'association.removed': undoPair,
  'list.member-added': undoMembership,
  'list.member-removed': undoMembership,
};

/** Whose rows are undone into which change set. */
export type UndoOf = { readonly undoId: string; readonly family: Family };

/**
 * Takes one change back, once: the mark is in the transaction of the change. `app` writes into the change set of the undo, under which
 * the marks lie. What was changed since is left alone and noted. Unless `final`, a
 * row that others of the set stand in the way of is left for later.
 */
export async function undoRow(app: App, undoing: UndoOf, row: ChangeSetRow, final: boolean): Promise<Outcome> {
  const { undoId, family } = undoing;
  const taken = new Set<string>();
  for (;;) {
    try {
      return await contend(() => attempt(app, { undoId, family, taken, final }, row));
    } catch (error) {
      if (error instanceof AlreadyDone) return Outcome.parse(error.mark);
      if (!(error instanceof CrmError) || error.status >= 500) throw error;
      const property = propertyTaken(error);
      if (property === undefined || taken.has(property)) return note(app, undoId, row, error);
      taken.add(property);
    }
  }
}

/** The unique property whose old value another record has by now. */
function propertyTaken({ category, options }: CrmError): string | undefined {
  if (category !== 'CONFLICT' || !options.context?.existingObjectId) return undefined;
  return options.errors?.[0]?.context?.propertyName?.[0] ?? 'email';
}

type Attempt = UndoOf & { readonly taken: ReadonlySet<string>; readonly final: boolean };

async function attempt(app: App, { undoId, family, taken, final }: Attempt, row: ChangeSetRow): Promise<Outcome> {
  const record = { objectType: row.objectType, id: row.recordId };
  if (!mayAccess(app, record.objectType, 'write')) return commit(app, undoId, row, left({ reason: 'MISSING_SCOPES' }));
  const event = await app.table.get(eventKey(record, row.eventId), LoggedEvent);
  if (!event) return commit(app, undoId, row, left({ reason: 'RECORD_GONE' }));
  const undoing = { app, family, record, event, taken };
  if (event.type === RecordUnmerged.type) return mergeAgain(undoing, undoId, row);
  const inverse = (await inverses[event.type]?.(undoing)) ?? nothing;
  return inverse.waits && !final ? { undone: 0, kept: 0 } : commit(app, undoId, row, inverse);
}

const outcomeOf = ({ steps, kept }: Inverse): Outcome => ({ undone: steps.length > 0 ? 1 : 0, kept: kept.length });

const markOf = (undoId: string, { eventId }: ChangeSetRow, outcome: Outcome): Mark => ({
  ...undoneMarkKey(undoId, eventId),
  entity: 'undone',
  ...outcome,
});

async function commit(app: App, undoId: string, row: ChangeSetRow, inverse: Inverse): Promise<Outcome> {
  const outcome = outcomeOf(inverse);
  const kept = inverse.kept.length > 0 ? [orStale({ put: keptItem(undoId, row, inverse.kept) })] : [];
  await commitOrThrow(app.table, [...inverse.steps, onceStep(markOf(undoId, row, outcome)), ...kept]);
  await announce(inverse.job);
  return outcome;
}

/** A job that was committed is begun by the sweep if this message is lost. */
const announce = async (job: Job | undefined): Promise<void> => {
  if (job) await announceJob(job);
};

const keptItem = (undoId: string, { eventId, objectType, recordId }: ChangeSetRow, kept: readonly Kept[]) => ({
  ...keptKey(undoId, eventId),
  entity: 'kept',
  eventId,
  objectType,
  recordId,
  kept: [...kept],
});

/** What was refused stays as it is; the message says why. */
const note = (app: App, undoId: string, row: ChangeSetRow, { message }: CrmError): Promise<Outcome> =>
  commit(app, undoId, row, left({ reason: 'REFUSED', message })).catch((error: unknown) => {
    if (error instanceof AlreadyDone) return Outcome.parse(error.mark);
    throw error;
  });

/** The undo of an undone merge. */
async function mergeAgain({ app, record, event }: Undoing, undoId: string, row: ChangeSetRow): Promise<Outcome> {
  const { role, otherRecordId } = event.detail;
  if (role !== 'SURVIVOR' || otherRecordId === undefined) return commit(app, undoId, row, nothing);
  const outcome = { undone: 1, kept: 0 };
  const merge = { objectType: record.objectType, primaryId: record.id, otherId: otherRecordId };
  const { job } = await mergeRecords(app, merge, { once: markOf(undoId, row, outcome) });
  await announce(job);
  return outcome;
}
