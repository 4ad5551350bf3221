import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { CrmRecord } from '../objects/record.ts';
import { pause } from '../table/contention.ts';
import { asksFirstOwner, type Contribution, contributionOf } from './contribution.ts';
import { readTasks, type StoredContribution, type Task } from './contribution-store.ts';
import { firstOwnerOf } from './first-owner.ts';

const Place = z.object({ cell: z.string(), whole: z.number(), micro: z.number() });
type Place = z.output<typeof Place>;

/** A record that stands in another cell than it should: where it is counted, and where it belongs. */
export const Misplaced = z.object({ id: z.string(), counted: z.optional(Place), belongs: z.optional(Place) });
export type Misplaced = z.output<typeof Misplaced>;

/** The projector is under a second behind the records; what is wrong after this many looks is wrong. */
const looks = 12;
const pauseLength = 4;

/** The records whose contribution is not what they are. What the projector has not come to yet is looked at again. */
export async function misplacedAmong(app: App, tasks: readonly Task[]): Promise<Misplaced[]> {
  let doubtful = tasks;
  for (let look = 1; ; look += 1) {
    const found = await differing(app, doubtful);
    if (found.length === 0 || look === looks) return found.map(({ misplaced }) => misplaced);
    doubtful = found.map(({ task }) => task);
    await pause(pauseLength);
  }
}

async function differing(app: App, tasks: readonly Task[]): Promise<{ task: Task; misplaced: Misplaced }[]> {
  const found: { task: Task; misplaced: Misplaced }[] = [];
  for (const { task, record, stored } of await readTasks(app, tasks)) {
    const counted = placeOfStored(stored);
    const belongs = placeOf(await evaluated(app, task, record));
    if (JSON.stringify(counted) === JSON.stringify(belongs)) continue;
    found.push({ task, misplaced: { id: task.ref.id, ...(counted && { counted }), ...(belongs && { belongs }) } });
  }
  return found;
}

/** From the record and its log alone, so that a mistake in the stored contribution shows. */
async function evaluated(app: App, { report }: Task, record: CrmRecord | undefined): Promise<Contribution | undefined> {
  if (!record) return undefined;
  const firstOwner = asksFirstOwner(report) ? await firstOwnerOf(app, record) : undefined;
  return contributionOf(report, record, firstOwner);
}

const placeOf = (contribution: Contribution | undefined): Place | undefined =>
  contribution && { cell: contribution.cell, whole: contribution.amount.whole, micro: contribution.amount.micro };

const placeOfStored = (stored: StoredContribution | undefined): Place | undefined =>
  stored?.cell === undefined ? undefined : { cell: stored.cell, whole: stored.whole, micro: stored.micro };
