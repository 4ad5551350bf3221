import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { showRecipients } from '../../lib/sends/read.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.recipients, async ({ path, query, request }, app) => {
  const { recipients, after } = await showRecipients(app, path.sendId, query);
  return pageOf(recipients, after, request);
});
