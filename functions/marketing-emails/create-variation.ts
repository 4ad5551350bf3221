import { handle } from '../../lib/core/handle.ts';
import { createVariation } from '../../lib/emails/edit.ts';
import { toPublicEmail } from '../../lib/emails/public.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.createVariation, async ({ body }, app) =>
  toPublicEmail(await createVariation(app, body), { now: app.now() }),
);
