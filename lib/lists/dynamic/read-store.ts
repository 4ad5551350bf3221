import type { App } from '../../core/app.ts';
import { listKey } from '../../table/list-keys.ts';
import { StoredList } from '../schema.ts';
import type { Listener } from './listener.ts';
import { listenerOf } from './store.ts';

/** The list if it is there; a deleted one is not. */
export async function findList(app: App, listId: string): Promise<StoredList | undefined> {
  const list = await app.table.get(listKey(listId), StoredList);
  return list?.deletedAt === undefined ? list : undefined;
}

/** The list if it follows its filters. */
export async function findListener(app: App, listId: string): Promise<Listener | undefined> {
  const list = await findList(app, listId);
  return list && listenerOf(list);
}
