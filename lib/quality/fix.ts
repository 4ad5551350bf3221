import * as z from 'zod/mini';
import { changeSetWrites } from '../changesets/store.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { mayAccess } from '../core/scopes.ts';
import type { Job } from '../jobs/job.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { partsOf } from './findings-store.ts';
import { nameFixKind } from './job-kinds.ts';
import { automaticConfidence } from './threshold.ts';

const mostIds = 1000;

export const FixesInput = z.strictObject({
  /** Default: every finding there is. */
  findingIds: z.optional(
    z.array(z.string()).check(z.minLength(1), z.maxLength(mostIds, `takes at most ${mostIds} ids`)),
  ),
  /** Default: from where on a correction is made without a person. */
  minConfidence: z._default(z.number().check(z.minimum(0), z.maximum(1)), automaticConfidence),
});
type FixesInput = z.output<typeof FixesInput>;

/** Begins to correct names as one change set, which can be undone. @throws CrmError 400 naming ids that are none */
export async function startFixes(
  app: App,
  { findingIds, minConfidence }: FixesInput,
): Promise<{ readonly job: Job; readonly changeSetId: string }> {
  const contactIds = findingIds && contactsOf(findingIds);
  const changeSetId = app.newId();
  const { job, writes } = await jobWrites(app, {
    kind: nameFixKind,
    input: {
      changeSetId,
      minConfidence,
      companies: mayAccess(app, '0-2', 'read'),
      ...(contactIds && { contactIds }),
    },
    ...(contactIds && { total: contactIds.length }),
  });
  const set = changeSetWrites(app, { id: changeSetId, kind: 'NAME_FIX', title: '氏名の修正', jobId: job.id });
  await commitOrThrow(app.table, [...set.writes, ...writes].map(orStale));
  await announceJob(job);
  return { job, changeSetId };
}

function contactsOf(findingIds: readonly string[]): string[] {
  const parts = findingIds.map(partsOf);
  const wrong = findingIds.filter((_, position) => parts[position] === undefined);
  if (wrong.length > 0)
    throw new CrmError('VALIDATION_ERROR', `findingIds: ${wrong.slice(0, 10).join(', ')} are no ids of findings`, {
      context: { findingIds: wrong.slice(0, 10) },
    });
  return [...new Set(parts.flatMap((part) => part?.contactId ?? []))];
}
