import { handle } from '../../lib/core/handle.ts';
import { testEmail } from '../../lib/emails/preview.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.test, ({ path, body }, app) => testEmail(app, path.emailId, body));
