import { publicThread } from '../../lib/conversations/public.ts';
import { composeMail } from '../../lib/conversations/write.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.composeMail, async ({ body }, app) =>
  publicThread((await composeMail(app, body)).thread),
);
