import { hold } from '../../lib/aws/queue.ts';
import { consumeTogether } from '../../lib/core/consume.ts';
import { deliver, MailOrder } from '../../lib/sends/deliver.ts';
import { sendsWorkers } from './operations.ts';

export const handler = consumeTogether(sendsWorkers.deliver.id, MailOrder, (orders, app) => deliver(app, orders), {
  hold: (receiptHandle, seconds) => hold('bulk-mail', receiptHandle, seconds),
});
