import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { listSubmissions } from '../../lib/forms/submission-list.ts';
import { forms } from './operations.ts';

export const handler = handle(forms.listSubmissions, async ({ path, query, request }, app) => {
  const { submissions, after } = await listSubmissions(app, path.formGuid, query);
  return pageOf(submissions, after, request);
});
