import { hold } from '../../lib/aws/queue.ts';
import { consume } from '../../lib/core/consume.ts';
import { checkDue, DueCheck } from '../../lib/lists/dynamic/check-due.ts';
import { listsWorkers } from './operations.ts';

export const handler = consume(listsWorkers.check.id, DueCheck, (message, app) => checkDue(app, message), {
  hold: (receiptHandle, seconds) => hold('list-checks', receiptHandle, seconds),
});
