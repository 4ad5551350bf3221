import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { showSends } from '../../lib/sends/read.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.list, async ({ query, request }, app) => {
  const { sends: results, after } = await showSends(app, query);
  return pageOf(results, after, request);
});
