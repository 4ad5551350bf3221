import { handle } from '../../lib/core/handle.ts';
import { previewEmail } from '../../lib/emails/preview.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.preview, ({ path, body }, app) =>
  previewEmail(app, path.emailId, body.contactId),
);
