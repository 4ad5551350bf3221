import { attributionRecountKind } from '../../lib/attribution/job-kinds.ts';
import { handle } from '../../lib/core/handle.ts';
import { startJob } from '../../lib/jobs/store.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.recountAttribution, async (_, app) => {
  const { id } = await startJob(app, { kind: attributionRecountKind, input: {} });
  return { jobId: id };
});
