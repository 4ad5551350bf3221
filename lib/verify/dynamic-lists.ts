import type { App } from '../core/app.ts';
import { State } from '../lists/dynamic/follow.ts';
import { compile, Listener, listenedTypes } from '../lists/dynamic/listener.ts';
import { loadView } from '../lists/dynamic/load.ts';
import { listenerOf, listenersOf } from '../lists/dynamic/store.ts';
import { always } from '../lists/filters/answer.ts';
import { evaluate } from '../lists/filters/evaluate.ts';
import { StoredList } from '../lists/schema.ts';
import { CrmRecord } from '../objects/record.ts';
import { inParallel } from '../table/in-parallel.ts';
import { listKey, listListenerKey, listListenerPartition, memberKey } from '../table/list-keys.ts';
import { listStateKey } from '../table/list-state-keys.ts';
import { type Check, itemsAt, nameOf, type Problem, type Stored } from './check.ts';

const check = 'dynamic list';
const readsAtOnce = 8;
/** A record whose time has come is looked at within this time; until then it is as it was. */
const lateMs = 15 * 60_000;

/** Every record is in the lists whose filters it meets now, and in no other. Each list of its type is asked about each record. */
const followed: Check = {
  entity: 'record',
  examine: async (app, items) => {
    const records = items.map((item) => CrmRecord.parse(item));
    const problems: Problem[] = [];
    for (const [objectType, ofType] of Map.groupBy(records, (record) => record.objectType))
      for (const listener of await settledLists(app, objectType))
        problems.push(...(await disagreeing(app, listener, ofType)));
    return problems;
  },
};

/** The lists of a type that follow their filters, without those whose new filters are still being applied. */
async function settledLists(app: App, objectType: string): Promise<Listener[]> {
  const listeners = (await listenersOf(app, objectType)).filter(({ objectTypeId }) => objectTypeId === objectType);
  const lists = await app.table.getMany(
    listeners.map(({ listId }) => listKey(listId)),
    StoredList,
  );
  return lists
    .filter(({ processingStatus }) => processingStatus === 'COMPLETE')
    .flatMap((list) => listenerOf(list) ?? []);
}

async function disagreeing(app: App, listener: Listener, records: readonly CrmRecord[]): Promise<Problem[]> {
  const { listId } = listener;
  const rows = await itemsAt(
    app,
    records.flatMap((record) => [memberKey(listId, record.id), listStateKey(record, listId)]),
  );
  const found = await inParallel(records, readsAtOnce, async (record): Promise<Problem[]> => {
    const state = rows.get(nameOf(listStateKey(record, listId)));
    const isMember = rows.has(nameOf(memberKey(listId, record.id)));
    const what = await problemOf(app, listener, record, { isMember, dueAt: state && State.parse(state).dueAt });
    return what ? [{ check, key: nameOf(memberKey(listId, record.id)), what }] : [];
  });
  return found.flat();
}

async function problemOf(
  app: App,
  listener: Listener,
  record: CrmRecord,
  { isMember, dueAt }: { readonly isMember: boolean; readonly dueAt: string | undefined },
): Promise<string | undefined> {
  const { branch, needs } = compile(listener);
  const now = Date.parse(app.now());
  const due = dueAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(dueAt);
  if (due <= now && now < due + lateMs) return undefined;
  const isLive = record.archivedAt === undefined;
  const { met, until } = isLive ? evaluate(branch, await loadView(app, record, needs), now) : always(false);
  if (met !== isMember) return met ? 'meets its filters and is no member' : 'is a member and does not meet its filters';
  if (due <= now) return 'was not looked at when its time had come';
  return due > until ? 'is not looked at again when time alone changes the answer' : undefined;
}

/** Every list that follows its filters hears of the changes of each type that they look at. */
const heard: Check = {
  entity: 'list',
  examine: async (app, items) => {
    const wanted = items.flatMap((item) => {
      const listener = listenerOf(StoredList.parse(item));
      return listener ? listenedTypes(listener).map((type) => listListenerKey(type, listener.listId)) : [];
    });
    const rows = await itemsAt(app, wanted);
    return wanted
      .filter((key) => !rows.has(nameOf(key)))
      .map((key) => ({ check, key: nameOf(key), what: 'its list does not hear of this type' }));
  },
};

/** Nothing but such a list is told of changes, and with the filters that it has. */
const told: Check = {
  entity: 'list-listener',
  examine: async (app, items) => {
    const lists = await itemsAt(
      app,
      items.map(({ listId }) => listKey(String(listId))),
    );
    return items.flatMap((item): Problem[] => {
      const list = lists.get(nameOf(listKey(String(item.listId))));
      const what = list ? staleness(item, StoredList.parse(list)) : 'its list is gone';
      return what ? [{ check, key: nameOf(item), what }] : [];
    });
  },
};

function staleness(row: Stored, list: StoredList): string | undefined {
  const listener = listenerOf(list);
  if (!listener) return 'its list follows no filters';
  if (listener.generation !== Listener.parse(row).generation) return 'its list has other filters';
  const types = listenedTypes(listener).map(listListenerPartition);
  return types.includes(row.pk) ? undefined : 'its list does not look at this type';
}

export const dynamicListChecks: readonly Check[] = [followed, heard, told];
