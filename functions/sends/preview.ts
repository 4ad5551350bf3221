import { handle, Reply } from '../../lib/core/handle.ts';
import { previewSend } from '../../lib/sends/preview.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.preview, async ({ path }, app) => {
  const looked = await previewSend(app, path.sendId);
  return 'preview' in looked ? looked.preview : new Reply(202, { jobId: looked.jobId, status: 'RUNNING' });
});
