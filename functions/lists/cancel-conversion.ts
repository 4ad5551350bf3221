import { handle } from '../../lib/core/handle.ts';
import { cancelConversion } from '../../lib/lists/conversion-store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.cancelConversion, async ({ path }, app) => {
  await cancelConversion(app, path.listId);
  return undefined;
});
