import type { App } from '../../core/app.ts';
import type { Job } from '../../jobs/job.ts';
import { jobWrites } from '../../jobs/store.ts';
import { listListenerKey } from '../../table/list-keys.ts';
import type { Write } from '../../table/write.ts';
import type { StoredList } from '../schema.ts';

export function listenerWrites(list: StoredList, _before?: StoredList): Write[] {
  const key = listListenerKey(list.objectTypeId, list.listId);
  const follows = list.processingType === 'DYNAMIC' && list.deletedAt === undefined;
  return [follows ? { put: { ...key, entity: 'list-listener', listId: list.listId } } : { remove: key }];
}

export const backfillWrites = (app: App, list: StoredList): Promise<{ job: Job; writes: Write[] }> =>
  jobWrites(app, { kind: 'list-backfill', input: { listId: list.listId, generation: list.generation } });
