import { handle } from '../../lib/core/handle.ts';
import { cloneEmail } from '../../lib/emails/edit.ts';
import { toPublicEmail } from '../../lib/emails/public.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.clone, async ({ body }, app) =>
  toPublicEmail(await cloneEmail(app, body), { now: app.now() }),
);
