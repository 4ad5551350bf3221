import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { listErrors } from '../../lib/salesforce/errors.ts';
import { salesforce } from './operations.ts';

export const handler = handle(salesforce.listErrors, async ({ query, request }, app) => {
  const { items, after } = await listErrors(app, query);
  return pageOf(items, after, request);
});
