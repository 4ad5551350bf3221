import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { listFindings } from '../../lib/quality/findings-store.ts';
import { quality } from './operations.ts';

export const handler = handle(quality.listFindings, async ({ query, request }, app) => {
  const { findings, after } = await listFindings(app, query);
  return pageOf(findings, after, request);
});
