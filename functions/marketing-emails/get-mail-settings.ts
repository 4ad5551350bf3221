import { handle } from '../../lib/core/handle.ts';
import { readSenderDetails } from '../../lib/emails/mail-settings.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.getMailSettings, (_, app) => readSenderDetails(app));
