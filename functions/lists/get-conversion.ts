import { handle } from '../../lib/core/handle.ts';
import { toPublicConversion } from '../../lib/lists/conversion-store.ts';
import { readList } from '../../lib/lists/store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.getConversion, async ({ path }, app) =>
  toPublicConversion(await readList(app, path.listId)),
);
