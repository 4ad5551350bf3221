import { handle } from '../../lib/core/handle.ts';
import { makeEmail } from '../../lib/emails/edit.ts';
import { toPublicEmail } from '../../lib/emails/public.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.create, async ({ body }, app) =>
  toPublicEmail(await makeEmail(app, body), { now: app.now() }),
);
