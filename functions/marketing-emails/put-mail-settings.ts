import { handle } from '../../lib/core/handle.ts';
import { saveSenderDetails } from '../../lib/emails/mail-settings.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.putMailSettings, ({ body }, app) => saveSenderDetails(app, body));
