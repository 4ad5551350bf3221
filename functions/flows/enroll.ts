import { subscribe } from '../../lib/core/consume.ts';
import { enroll } from '../../lib/flows/enroll.ts';
import { flowsWorkers } from './operations.ts';

export const handler = subscribe(flowsWorkers.enroll.id, (event, app) => enroll(app, event));
