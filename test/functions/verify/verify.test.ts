import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { associate } from '../../../lib/associations/store.ts';
import { createList } from '../../../lib/lists/change.ts';
import { changeMembers } from '../../../lib/lists/members.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { associationKey, indexPartition, recordKey, uniqueKey } from '../../../lib/table/keys.ts';
import { membershipKey } from '../../../lib/table/list-keys.ts';
import { blindMarkKey } from '../../../lib/table/survey-keys.ts';
import type { Write } from '../../../lib/table/write.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const contact = (email: string) => createRecord(database.app, '0-1', { email, lastname: '田中' });

/** What is found after somebody went past the rules, and after it was put right. */
async function foundAfter(damage: readonly Write[], repair: readonly Write[]) {
  await database.app.table.commit(damage);
  const found = await disagreements(database);
  await database.app.table.commit(repair);
  expect(await disagreements(database)).toEqual([]);
  return found;
}

test('records, their rows, pairs and members that were written by the rules agree', async () => {
  const [one, two] = [await contact('one@example.co.jp'), await contact('two@example.co.jp')];
  const deal = await createRecord(database.app, '0-3', { dealname: 'A' });
  await associate(database.app, one, deal, 'default');
  await updateRecord(database.app, '0-1', one, { email: 'uno@example.co.jp', lastname: null });
  await archiveRecord(database.app, '0-1', two.id);
  expect(await disagreements(database)).toEqual([]);
});

describe('what somebody wrote past the rules is found', () => {
  test('a unique value without its record', async () => {
    const key = uniqueKey('0-1', 'email', 'ghost@example.co.jp');
    const row = { ...key, entity: 'unique', objectType: '0-1', id: '1', property: 'email' };
    const found = await foundAfter([{ put: row }], [{ remove: key }]);
    expect(found).toEqual([{ check: 'unique', key: 'unique#0-1#email of 1', what: 'its record is gone' }]);
  });

  test('a used link of an anonymous survey without its answer', async () => {
    const key = blindMarkKey('77', 'hash');
    const found = await foundAfter([{ put: { ...key, entity: 'blind-mark' } }], [{ remove: key }]);
    expect(found).toEqual([{ check: 'anonymous answers', key: 'blind#77', what: 'answers says 0, counted 1' }]);
  });

  test('an index row of a value that the record does not have', async () => {
    const { id } = await contact('three@example.co.jp');
    const key = { pk: indexPartition('0-1', 'lastname'), sk: `山田#${id}` };
    const found = await foundAfter(
      [{ put: { ...key, entity: 'index', objectType: '0-1', id, property: 'lastname' } }],
      [{ remove: key }],
    );
    expect(found).toEqual([
      { check: 'index', key: `index#0-1#lastname of ${id}`, what: 'its record has another value' },
    ]);
  });

  test('a record without one of its rows', async () => {
    const record = await contact('four@example.co.jp');
    const key = uniqueKey('0-1', 'email', 'four@example.co.jp');
    const row = { ...key, entity: 'unique', objectType: '0-1', id: record.id, property: 'email' };
    const found = await foundAfter([{ remove: key }], [{ put: row }]);
    expect(found).toEqual([
      { check: 'record', key: `${recordKey(record).pk} | record`, what: 'its row unique#0-1#email is missing' },
    ]);
  });

  test('one side of a pair without the other', async () => {
    const [one, deal] = [
      await contact('five@example.co.jp'),
      await createRecord(database.app, '0-3', { dealname: 'B' }),
    ];
    const { typeIds } = await associate(database.app, one, deal, 'default');
    const key = associationKey(deal, one);
    const item = { objectType: '0-3', id: deal.id, toObjectType: '0-1', toId: one.id, typeIds: [3] };
    const found = await foundAfter([{ remove: key }], [{ put: { ...key, entity: 'association', ...item } }]);
    expect(typeIds).toEqual([4]);
    expect(found).toMatchObject([{ check: 'association', what: 'the other side is missing' }]);
  });

  test('a member whose record does not know of it', async () => {
    const record = await contact('six@example.co.jp');
    const list = await createList(database.app, { name: '検査', objectTypeId: '0-1', processingType: 'MANUAL' });
    await changeMembers(database.app, list, { add: [record.id], remove: [] });
    // The size is the projector's, which does not run here.
    const size = { pk: `list#${list.listId}`, sk: 'size', size: 1 };
    await database.app.table.commit([{ put: size }]);
    const key = membershipKey(record, list.listId);
    const addedAt = database.app.now();
    const found = await foundAfter(
      [{ remove: key }],
      [{ put: { ...key, entity: 'membership', listId: list.listId, addedAt } }],
    );
    expect(found).toMatchObject([{ check: 'list', what: 'the record does not know of it' }]);
  });
});
