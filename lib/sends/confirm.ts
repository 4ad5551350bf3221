import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { announceJob } from '../jobs/store.ts';
import { contend } from '../table/contention.ts';
import { saveSend } from './control.ts';
import { checkReady, checkReferences, expansionOf } from './create.ts';
import { refuseMissingTokens } from './preview.ts';
import type { Send } from './schema.ts';
import { readSend } from './send-store.ts';

/** Sets a draft on its way. Confirmed again it changes nothing. @throws CrmError 404, 400 when its survey, e-mail or a list is gone, or the mail would have gaps; 409 */
export async function confirmSend(app: App, id: string): Promise<{ readonly jobId: string }> {
  const { send, job } = await contend(async () => {
    const before = await readSend(app, id);
    if (before.status !== 'DRAFT') return { send: before };
    await checkReferences(app, before);
    await checkReady(app, before);
    await refuseMissingTokens(app, before);
    const now = app.now();
    const { job, writes } = await expansionOf(app, before);
    const send: Send = {
      ...before,
      status: 'CONFIRMED',
      version: before.version + 1,
      jobId: job.id,
      confirmedAt: now,
      updatedAt: now,
    };
    await saveSend(app, before, send, writes);
    return { send, job };
  });
  if (!send.jobId || send.status === 'CANCELLED')
    throw new CrmError('CONFLICT', `A send that is ${send.status} cannot be confirmed`);
  if (job) await announceJob(job);
  return { jobId: send.jobId };
}
