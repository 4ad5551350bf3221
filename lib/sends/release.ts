import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { startJob } from '../jobs/store.ts';
import { totalsOf } from './ledger.ts';
import { readSend } from './send-store.ts';

/** The kind of job that lets mails of an unknown fate go out after all. */
export const releaseKind = 'send-release';

/**
 * A person decides that mails go out anew of which neither SES's answer nor any event came within a day: a worker died before it called.
 * SES tells of what it took within minutes, and EventBridge tries for a day to hand that over. Those of the last day stay as they are.
 * @throws CrmError 404; 409 for a send that is not on its way, and for one of which no event at all came: then nothing is proved
 */
export async function releaseUnknown(app: App, id: string): Promise<{ readonly jobId: string }> {
  const send = await readSend(app, id);
  if (send.status !== 'CONFIRMED')
    throw new CrmError('CONFLICT', `The mails of a send that is ${send.status} cannot be released`);
  const { delivered = 0, bounced = 0 } = await totalsOf(app, id);
  if (delivered + bounced === 0)
    throw new CrmError('CONFLICT', 'SES has told nothing of any mail of this send: its silence proves nothing', {
      subCategory: 'NO_EVENTS',
    });
  return { jobId: (await startJob(app, { kind: releaseKind, input: { sendId: id } })).id };
}
