import { app } from '../../lib/core/app.ts';
import { startPurges } from '../../lib/lifecycle/purge.ts';
import { objectsWorkers } from './operations.ts';

export const handler = (): Promise<void> =>
  startPurges(app({ actor: { kind: 'system', id: objectsWorkers.purge.id } }));
