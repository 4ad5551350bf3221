import type { App } from '../core/app.ts';
import type { Job } from '../jobs/job.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { attributes } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import type { Send } from './schema.ts';
import { decided } from './send.ts';
import { readSend, sendItem } from './send-store.ts';

/** Stores a send while it is as it was read, with what goes along. */
export const saveSend = (app: App, before: Send, after: Send, writes: readonly Write[]) =>
  commitOrThrow(app.table, [
    orStale({ put: sendItem(after), when: asRead(before) }),
    ...writes.map((write) => orStale(write)),
  ]);

/** The expansion notes its end without a decision. */
const asRead = ({ version, expandedAt }: Send) => attributes({ version, expandedAt });

/** Nothing more goes out from now on, but for the few mails that workers hold in their hands; what is pending stays so. */
export const pauseSend = (app: App, id: string): Promise<Send> => decide(app, id, 'pause');

/** What is pending goes on its way again. */
export const resumeSend = (app: App, id: string): Promise<Send> => decide(app, id, 'resume');

/** Nothing more goes out, for good: what is pending is cancelled. */
export const cancelSend = (app: App, id: string): Promise<Send> => decide(app, id, 'cancel');

/** @throws CrmError 404, 409 when its status does not allow it */
async function decide(app: App, id: string, decision: 'pause' | 'resume' | 'cancel'): Promise<Send> {
  const { send, job } = await contend(async () => {
    const before = await readSend(app, id);
    const after = decided(before, decision, app.now());
    if (after === before) return { send: before };
    const follows = decision === 'pause' || before.status === 'DRAFT' ? undefined : await dispatchOf(app, after);
    await saveSend(app, before, after, follows?.writes ?? []);
    return { send: after, job: follows?.job };
  });
  if (job) await announceJob(job);
  return send;
}

/** What brings pending mails to the workers (again), or cancels them: the follow-up of one decision, void after the next one. */
export const dispatchOf = (
  app: App,
  { id, version }: Pick<Send, 'id' | 'version'>,
  at?: string,
): Promise<{ readonly job: Job; readonly writes: Write[] }> =>
  jobWrites(app, { kind: 'send-dispatch', input: { sendId: id, version }, ...(at !== undefined && { at }) });
