import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { ListMemberAdded } from '../../../events/list.ts';
import { newEventId } from '../../../lib/core/ids.ts';
import { sizesOf } from '../../../lib/lists/store.ts';
import { listSize } from '../../../lib/projections/list-size.ts';
import { project } from '../../../lib/projections/project.ts';
import type { Projection } from '../../../lib/projections/projection.ts';
import type { StreamedEvent } from '../../../lib/stream/event-record.ts';
import { appendEvent } from '../../../lib/table/event-log.ts';
import { listSizeKey } from '../../../lib/table/list-keys.ts';
import { type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const Stored = z.object({ pk: z.string(), sk: z.string() });

/** Events in the log as the stream tells of them, each of a record that came into a list. */
async function entries(listIds: readonly string[]): Promise<StreamedEvent[]> {
  const found: StreamedEvent[] = [];
  for (const [position, listId] of listIds.entries()) {
    const event = ListMemberAdded.of({
      id: newEventId(),
      objectType: '0-1',
      recordId: `178000000000${String(position).padStart(4, '0')}`,
      occurredAt: '2026-11-25T00:00:00.000Z',
      actor: { kind: 'system', id: 'test' },
      cause: [],
      listId,
    });
    const write = appendEvent(event);
    await database.app.table.commit([write]);
    const key = Stored.parse('put' in write ? write.put : {});
    found.push({ key, ...event, sequence: String(position) });
  }
  return found;
}

test('a batch whose events change more counters than a transaction holds is counted in several, each event once', async () => {
  const listIds = Array.from({ length: 90 }, (_, n) => `many${n}`);
  const events = await entries(listIds);
  const alsoElsewhere: Projection = ({ detail }) =>
    ['a', 'b'].map((place) => ({ key: listSizeKey(`${place}${detail.listId}`), attribute: 'size', by: 1 }));
  await project(database.app.table, events, [listSize, alsoElsewhere]);
  await project(database.app.table, [...events, ...events].toReversed(), [listSize, alsoElsewhere]);
  const others = await sizesOf(
    database.app,
    listIds.flatMap((id) => [`a${id}`, `b${id}`]),
  );
  expect([...others.values()]).toEqual(Array.from({ length: 180 }, () => 1));
  const sizes = await sizesOf(database.app, listIds);
  expect(listIds.map((id) => sizes.get(id))).toEqual(listIds.map(() => 1));
});

test('events of one counter share its write, also when some of the batch were counted before', async () => {
  const events = await entries(Array.from({ length: 100 }, () => 'one'));
  await project(database.app.table, events.slice(20, 60));
  await project(database.app.table, events);
  expect(await sizesOf(database.app, ['one'])).toEqual(new Map([['one', 100]]));
});
