import type { App } from '../core/app.ts';
import { sendPreviewKey } from '../table/send-keys.ts';
import { StoredPreview } from './preview-schema.ts';

export const previewItem = (sendId: string, preview: StoredPreview) => ({
  ...sendPreviewKey(sendId),
  entity: 'send-preview',
  ...preview,
});

/** What the last look at a send's audience found. */
export const findPreview = (app: App, sendId: string): Promise<StoredPreview | undefined> =>
  app.table.get(sendPreviewKey(sendId), StoredPreview);
