import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { showExclusions } from '../../lib/sends/exclusions.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.exclusions, async ({ path, query, request }, app) => {
  const { excluded, after } = await showExclusions(app, path.sendId, query);
  return pageOf(excluded, after, request);
});
