import { subscribe } from '../../lib/core/consume.ts';
import { mark } from '../../lib/salesforce/mark.ts';
import { salesforceWorkers } from './operations.ts';

export const handler = subscribe(salesforceWorkers.mark.id, (event, app) => mark(app, event));
