import { RecordMerged } from '../../events/record.ts';
import { changeSetWrites } from '../changesets/store.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { Job } from '../jobs/job.ts';
import { jobWrites } from '../jobs/store.ts';
import { moveKind } from '../lifecycle/job-kinds.ts';
import type { CrmRecord } from '../objects/record.ts';
import { eventOf, recordsSteps } from '../objects/record-steps.ts';
import { typeKnowing } from '../objects/store.ts';
import { contend } from '../table/contention.ts';
import { loggedSteps } from '../table/event-log.ts';
import type { Mark } from '../table/once.ts';
import { commitOrThrow, onceStep, orStale } from '../table/steps.ts';
import { decideMerge, type MergeDecision } from './decide.ts';
import { readPair } from './pair-of-records.ts';

export type Merge = { readonly objectType: string; readonly primaryId: string; readonly otherId: string };
export type Merged = { readonly record: CrmRecord; readonly changeSetId: string; readonly job: Job };

type Options = {
  /** Makes the merge happen once: if the mark is there, nothing is written and `AlreadyDone` is thrown. */
  readonly once?: Mark;
};

/**
 * Makes two records one, in one transaction under the versions of both: of two merges of a pair, or a merge and an update, one wins and
 * the other looks again. The same transaction starts the job that moves associations and list memberships, and makes the change set by
 * which it is undone, unless the merge is part of one already. @throws CrmError 400, 404, 414
 */
export async function mergeRecords(app: App, merge: Merge, { once }: Options = {}): Promise<Merged> {
  if (merge.primaryId === merge.otherId) throw invalid('A record cannot be merged with itself', [merge.primaryId]);
  return contend(async () => {
    const { primary, other } = await readPair(app, merge);
    const type = await typeKnowing(app, { ...primary, properties: { ...other.properties, ...primary.properties } });
    const decision = decideMerge(type, primary, other, app.now());
    const changeSetId = app.changeSetId ?? app.newId();
    const own: App = { ...app, changeSetId };
    const order = {
      kind: moveKind,
      input: { ...moveInput(merge), changeSetId, ownSet: app.changeSetId === undefined },
    };
    const { job, writes } = await jobWrites(app, order);
    const set = app.changeSetId === undefined ? setWrites(app, changeSetId, job.id, merge) : [];
    const changes = [
      { before: primary, after: decision.survivor },
      { before: other, after: decision.merged },
    ];
    await commitOrThrow(app.table, [
      ...recordsSteps(type, changes),
      ...eventSteps(own, decision),
      ...[...set, ...writes].map(orStale),
      ...(once ? [onceStep(once)] : []),
    ]);
    return { record: decision.survivor, changeSetId, job };
  });
}

const moveInput = ({ objectType, primaryId, otherId }: Merge) => ({ objectType, fromId: otherId, toId: primaryId });

const setWrites = (app: App, id: string, jobId: string, { primaryId, otherId }: Merge) =>
  changeSetWrites(app, { id, kind: 'MERGE', title: `${otherId} → ${primaryId}`, jobId }).writes;

function eventSteps(app: App, { survivor, merged, changes, aliases }: MergeDecision) {
  const told = { ...eventOf(app, survivor), changes, role: 'SURVIVOR' as const, otherRecordId: merged.id, aliases };
  const other = { ...eventOf(app, merged), changes: {}, role: 'MERGED' as const, otherRecordId: survivor.id, aliases };
  return [...loggedSteps(RecordMerged.of(told)), ...loggedSteps(RecordMerged.of(other))];
}

const invalid = (message: string, ids: readonly string[]) =>
  new CrmError('VALIDATION_ERROR', message, { context: { id: [...ids] } });
