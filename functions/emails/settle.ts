import { consume } from '../../lib/core/consume.ts';
import { SesEvent } from '../../lib/mail/ses-event.ts';
import { settleMail } from '../../lib/mail/settle.ts';
import { emailsWorkers } from './operations.ts';

export const handler = consume(emailsWorkers.settle.id, SesEvent, (event, app) => settleMail(app, event));
