import * as z from 'zod/mini';
import { recordKey } from '../table/keys.ts';
import {
  listKey,
  listPartition,
  listSizeDayPrefix,
  listSizeKey,
  memberKey,
  membershipKey,
} from '../table/list-keys.ts';
import { type Check, itemsAt, nameOf, type Problem, type Tally } from './check.ts';

const List = z.object({ listId: z.string(), objectTypeId: z.string() });
const listIdOf = (pk: string) => pk.slice('list#'.length);

/** Every member's row has its twin with the record, and its list. */
const members: Check = {
  entity: 'member',
  examine: async (app, items) => {
    const lists = await itemsAt(
      app,
      items.map(({ pk }) => listKey(listIdOf(pk))),
    );
    const wanted = items.map((item) => {
      const listId = listIdOf(item.pk);
      const list = lists.get(nameOf(listKey(listId)));
      const record = list && { objectType: List.parse(list).objectTypeId, id: String(item.recordId) };
      return { key: nameOf(item), listId, record };
    });
    const twins = await itemsAt(
      app,
      wanted.flatMap(({ listId, record }) => (record ? [membershipKey(record, listId), recordKey(record)] : [])),
    );
    return wanted.flatMap(({ key, listId, record }): Problem[] => {
      if (!record) return [{ check: 'list', key, what: 'its list is gone' }];
      if (!twins.has(nameOf(membershipKey(record, listId))))
        return [{ check: 'list', key, what: 'the record does not know of it' }];
      return twins.has(nameOf(recordKey(record))) ? [] : [{ check: 'list', key, what: 'its record is gone' }];
    });
  },
};

/** Every twin has its member's row. */
const memberships: Check = {
  entity: 'membership',
  examine: async (app, items) => {
    const twinOf = ({ pk, listId }: (typeof items)[number]) => memberKey(String(listId), pk.slice(pk.indexOf('#') + 1));
    const rows = await itemsAt(app, items.map(twinOf));
    return items
      .filter((item) => !rows.has(nameOf(twinOf(item))))
      .map((item) => ({ check: 'list', key: nameOf(item), what: 'the list does not know of it' }));
  },
};

export const listChecks: readonly Check[] = [members, memberships];

/** The size of each list is the number of its members. */
export function listSizes(): Tally {
  const sizes = new Map<string, number>();
  const lists = new Set<string>();
  return {
    entities: ['member', 'list'],
    see: ({ pk, entity }) => {
      if (entity === 'list') lists.add(listIdOf(pk));
      else sizes.set(listIdOf(pk), (sizes.get(listIdOf(pk)) ?? 0) + 1);
    },
    settle: async (app) => {
      const stored = await itemsAt(app, [...lists].map(listSizeKey));
      return [...lists].flatMap((listId): Problem[] => {
        const size = Number(stored.get(nameOf(listSizeKey(listId)))?.size ?? 0);
        const counted = sizes.get(listId) ?? 0;
        if (size === counted) return [];
        return [{ check: 'list', key: `list#${listId}`, what: `its size says ${size}, it has ${counted} members` }];
      });
    },
  };
}

/** The size of each list is the sum of the days by which it changed. */
export function listDays(): Tally {
  const days = new Map<string, number>();
  const lists = new Set<string>();
  return {
    entities: ['list', ''],
    see: ({ pk, sk, entity, by }) => {
      if (entity === 'list') lists.add(listIdOf(pk));
      else if (pk.startsWith(listPartition('')) && sk.startsWith(listSizeDayPrefix))
        days.set(listIdOf(pk), (days.get(listIdOf(pk)) ?? 0) + Number(by ?? 0));
    },
    settle: async (app) => {
      const stored = await itemsAt(app, [...lists].map(listSizeKey));
      return [...lists].flatMap((listId): Problem[] => {
        const size = Number(stored.get(nameOf(listSizeKey(listId)))?.size ?? 0);
        const sum = days.get(listId) ?? 0;
        if (size === sum) return [];
        return [{ check: 'list days', key: `list#${listId}`, what: `its size says ${size}, its days make ${sum}` }];
      });
    },
  };
}
