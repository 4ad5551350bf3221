import { subscribe } from '../../lib/core/consume.ts';
import { visitorSentForm } from '../../lib/tracking/form-sent.ts';
import { trackingWorkers } from './operations.ts';

export const handler = subscribe(trackingWorkers.linkVisitor.id, ({ detail }, app) => visitorSentForm(app, detail));
