import { CrmError } from '../../lib/core/errors.ts';
import { handle } from '../../lib/core/handle.ts';
import { readBatch } from '../../lib/tracking/batch.ts';
import { isRobot } from '../../lib/tracking/bots.ts';
import { collect } from '../../lib/tracking/collect.ts';
import { tracking } from './operations.ts';

export const handler = handle(tracking.collect, async ({ text, request }, app) => {
  const batch = readBatch(text);
  if (!batch) throw new CrmError('VALIDATION_ERROR', 'The body is not a batch of page views and events');
  if (!isRobot(request.headers)) await collect(app, batch, request.sourceIp);
  return undefined;
});
