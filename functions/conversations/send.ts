import { QueuedMail, sendQueued } from '../../lib/conversations/send.ts';
import { consume } from '../../lib/core/consume.ts';
import { conversationsWorkers } from './operations.ts';

export const handler = consume(conversationsWorkers.send.id, QueuedMail, (event, app) => sendQueued(app, event));
