import * as z from 'zod/mini';
import { defineJob } from '../jobs/kind.ts';
import { paceKey } from '../table/keys.ts';
import { contentOf } from './content.ts';
import { firstLook, Look, lookFurther } from './look.ts';
import { Pace, unknownPace } from './pace.ts';
import { figuresOf, previewKind } from './preview.ts';
import { findPreview, previewItem } from './preview-store.ts';
import { readSend } from './send-store.ts';

/** Looks at a large audience page by page, and stores the figures with the send unless a newer look has begun. */
export const previewWork = defineJob({
  kind: previewKind,
  input: z.object({ sendId: z.string(), run: z.string() }),
  cursor: Look,
  slice: async (app, { input: { sendId, run }, cursor = firstLook }) => {
    const send = await readSend(app, sendId);
    const stored = await findPreview(app, sendId);
    if (stored?.run !== run || send.status !== 'DRAFT') return { done: true, processed: 0 };
    const look = await lookFurther(app, { send, content: await contentOf(app, send), run }, cursor);
    const seen = (of: typeof look) => of.toSend + Object.values(of.excluded).reduce((sum, count) => sum + count, 0);
    const processed = seen(look) - seen(cursor);
    if (look.place) return { done: false, processed, cursor: look };
    const pace = (await app.table.get(paceKey, Pace)) ?? unknownPace(Date.parse(app.now()));
    const figures = await figuresOf(app, send, look, pace);
    const preview = { ...figures, jobId: stored.jobId, run, sendVersion: send.version };
    return { done: true, processed, result: figures, also: [{ put: previewItem(sendId, preview) }] };
  },
});
