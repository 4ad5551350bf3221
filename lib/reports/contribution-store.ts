import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmRecord } from '../objects/record.ts';
import { contributionKey, contributionListing, type RecordRef, recordKey } from '../table/keys.ts';
import type { Item } from '../table/write.ts';
import type { Contribution } from './contribution.ts';
import type { Report } from './schema.ts';

/** What a record adds to a report, as stored with the record: `version` is the record's when it was looked at. */
export const StoredContribution = z.object({
  pk: z.string(),
  sk: z.string(),
  version: z.number(),
  /** Absent: the record counts nowhere. */
  cell: z.optional(z.string()),
  whole: z._default(z.number(), 0),
  micro: z._default(z.number(), 0),
  firstOwner: z.optional(z.string()),
});
export type StoredContribution = z.output<typeof StoredContribution>;

/** The counters of one definition of a report. */
export const counterIdOf = ({ id, generation }: Pick<Report, 'id' | 'generation'>) => `${id}.${generation}`;

/** One record in one report. */
export type Task = { readonly ref: RecordRef; readonly report: Report };

const nameOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => `${pk}\n${sk}`;
const taskKey = ({ ref, report }: Task) => contributionKey(ref, counterIdOf(report));

/** The records and the contributions of the tasks as they are now, read consistently, a hundred to a call. */
export async function readTasks(app: App, tasks: readonly Task[]) {
  const [records, contributions] = await Promise.all([
    app.table.getMany(
      tasks.map(({ ref }) => recordKey(ref)),
      CrmRecord,
    ),
    app.table.getMany(tasks.map(taskKey), StoredContribution),
  ]);
  const recordOf = new Map(records.map((record) => [nameOf(recordKey(record)), record]));
  const storedOf = new Map(contributions.map((contribution) => [nameOf(contribution), contribution]));
  return tasks.map((task) => ({
    task,
    record: recordOf.get(nameOf(recordKey(task.ref))),
    stored: storedOf.get(nameOf(taskKey(task))),
  }));
}

/** The row of a contribution; without one the record counts nowhere, and the row says so for its version. */
export function contributionItem(
  task: Task,
  version: number,
  contribution: Contribution | undefined,
  firstOwner: string | undefined,
): ReturnType<typeof contributionKey> & Item {
  return {
    ...taskKey(task),
    gsi1pk: contributionListing(counterIdOf(task.report), contribution?.cell),
    gsi1sk: task.ref.id,
    entity: 'contribution',
    version,
    ...(contribution && { cell: contribution.cell, ...contribution.amount }),
    ...(firstOwner !== undefined && { firstOwner }),
  };
}
