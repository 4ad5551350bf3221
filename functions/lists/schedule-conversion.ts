import { handle } from '../../lib/core/handle.ts';
import { scheduleConversion, toPublicConversion } from '../../lib/lists/conversion-store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.scheduleConversion, async ({ path, body }, app) =>
  toPublicConversion(await scheduleConversion(app, path.listId, body)),
);
