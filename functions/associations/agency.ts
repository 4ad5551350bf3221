import { associateAgency } from '../../lib/associations/agency.ts';
import { subscribe } from '../../lib/core/consume.ts';
import { associationsWorkers } from './operations.ts';

export const handler = subscribe(associationsWorkers.agency.id, ({ detail }, app) =>
  associateAgency(app, detail.recordId),
);
