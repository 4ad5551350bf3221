import { ObjectCreated, receiveMail } from '../../lib/conversations/receive.ts';
import { consume } from '../../lib/core/consume.ts';
import { conversationsWorkers } from './operations.ts';

export const handler = consume(conversationsWorkers.receive.id, ObjectCreated, (event, app) => receiveMail(app, event));
