import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { projectUnassociated } from '../../lib/associations/unassociated-project.ts';
import { projectAttribution } from '../../lib/attribution/project.ts';
import { app } from '../../lib/core/app.ts';
import { logRetry } from '../../lib/core/log.ts';
import { projectLists } from '../../lib/lists/dynamic/project.ts';
import { project } from '../../lib/projections/project.ts';
import { projectNames } from '../../lib/quality/project.ts';
import { projectReports } from '../../lib/reports/project.ts';
import { retry, streamedEvent } from '../../lib/stream/event-record.ts';
import { projectText } from '../../lib/text/project.ts';

/** Read models that follow the records as they are now, each with rows of its own. */
const models = [
  projectReports,
  projectAttribution,
  projectLists,
  projectText,
  projectNames,
  projectUnassociated,
] as const;

/** Waits for all of them, also when one fails: what still runs when a function answers is frozen with it. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === 'rejected') throw outcome.reason;
}

/** A batch that fails is delivered again, in halves; what was projected before stays as it is. */
export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const own = app({ actor: { kind: 'system', id: 'stream/project' } });
  const events = Records.map(streamedEvent);
  try {
    await project(own.table, events);
    await allOf(models.map((model) => model(own, events)));
    return retry(events, []);
  } catch (error) {
    logRetry(error, { function: 'stream/project' });
    return retry(events, events);
  }
};
