import { defaultAssociations, pairOf } from '../../lib/associations/public.ts';
import { associate } from '../../lib/associations/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { batchReply } from '../../lib/objects/batch-answer.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.setDefault, async ({ path }, app) => {
  const startedAt = app.now();
  const { from, to } = await pairOf(app, path);
  const pair = await associate(app, from, to, 'default');
  return batchReply(app, 200, { startedAt, results: defaultAssociations(pair), errors: [] });
});
