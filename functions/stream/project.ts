import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { projectUnassociated } from '../../lib/associations/unassociated-project.ts';
import { app } from '../../lib/core/app.ts';
import { logRetry } from '../../lib/core/log.ts';
import { projectLists } from '../../lib/lists/dynamic/project.ts';
import { project } from '../../lib/projections/project.ts';
import { projectNames } from '../../lib/quality/project.ts';
import { projectReports } from '../../lib/reports/project.ts';
import { retry, streamedEvent } from '../../lib/stream/event-record.ts';
import { projectText } from '../../lib/text/project.ts';

/** A batch that fails is delivered again; what was projected before stays as it is. */
export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const own = app({ actor: { kind: 'system', id: 'stream/project' } });
  const events = Records.map(streamedEvent);
  try {
    await project(own.table, events);
    await projectReports(own, events);
    await projectLists(own, events);
    await projectText(own, events);
    await projectNames(own, events);
    await projectUnassociated(own, events);
    return retry([]);
  } catch (error) {
    logRetry(error, { function: 'stream/project' });
    return retry(events);
  }
};
