import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { requireAccess } from '../../lib/core/scopes.ts';
import { listFindings } from '../../lib/quality/findings-store.ts';
import { quality } from './operations.ts';

const contacts = '0-1';

export const handler = handle(quality.listFindings, async ({ query, request }, app) => {
  requireAccess(app, [contacts], 'read');
  const { findings, after } = await listFindings(app, query);
  return pageOf(findings, after, request);
});
