import { consume } from '../../lib/core/consume.ts';
import { SesEvent } from '../../lib/mail/ses-event.ts';
import { settle } from '../../lib/mail/settle.ts';
import { emailsWorkers } from './operations.ts';

export const handler = consume(emailsWorkers.settle.id, SesEvent, (event, app) => settle(app, event));
