import * as z from 'zod/mini';
import { changeSetKey, changeSetPartition, changeSetRowKey } from '../table/change-set-keys.ts';
import { eventKey } from '../table/keys.ts';
import { erasedKey } from '../table/lifecycle-keys.ts';
import { type Check, itemsAt, nameOf, type Problem } from './check.ts';

const check = 'change set';

const Row = z.object({ pk: z.string(), eventId: z.string(), objectType: z.string(), recordId: z.string() });

/** Every row of a change set has the set and the event that it stands for, unless the record was erased and its log with it. */
const rows: Check = {
  entity: 'change-set-row',
  examine: async (app, items) => {
    const wanted = items.map((item) => {
      const { pk, eventId, objectType, recordId: id } = Row.parse(item);
      const ref = { objectType, id };
      const set = changeSetKey(pk.slice(changeSetPartition('').length));
      return { key: nameOf(item), set, event: eventKey(ref, eventId), erased: erasedKey(ref) };
    });
    const stored = await itemsAt(
      app,
      wanted.flatMap(({ set, event, erased }) => [set, event, erased]),
    );
    return wanted.flatMap(({ key, set, event, erased }): Problem[] => {
      if (!stored.has(nameOf(set))) return [{ check, key, what: 'its change set is missing' }];
      if (stored.has(nameOf(event)) || stored.has(nameOf(erased))) return [];
      return [{ check, key, what: 'its event is missing' }];
    });
  },
};

const Logged = z.object({
  type: z.string(),
  detail: z.object({ id: z.string(), changeSetId: z.optional(z.string()) }),
});
/** Events of changes that can be undone; others tell of what cannot. */
const undoable = ['record.', 'association.', 'list.'];

/** Every change of a change set can be undone with it: its event has its row there. */
const events: Check = {
  entity: 'event',
  examine: async (app, items) => {
    const wanted = items.flatMap((item) => {
      const { type, detail } = Logged.parse(item);
      if (detail.changeSetId === undefined || !undoable.some((prefix) => type.startsWith(prefix))) return [];
      return [{ key: nameOf(item), row: changeSetRowKey(detail.changeSetId, detail.id) }];
    });
    const stored = await itemsAt(
      app,
      wanted.map(({ row }) => row),
    );
    return wanted
      .filter(({ row }) => !stored.has(nameOf(row)))
      .map(({ key }) => ({ check, key, what: 'its row in the change set is missing' }));
  },
};

export const changeSetChecks: readonly Check[] = [rows, events];
