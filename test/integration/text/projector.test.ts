import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { startDynamoServer } from '../../../cdk/local/dynamodb/server.ts';
import { loadObjectType } from '../../../lib/objects/definition-store.ts';
import { archiveRecord, createRecord, updateRecord } from '../../../lib/objects/store.ts';
import { recordKey } from '../../../lib/table/keys.ts';
import { textKey, textPartition, textStateKey } from '../../../lib/table/text-keys.ts';
import { toolClient } from '../../../lib/table/whole-table.ts';
import { textDocument, textParts } from '../../../lib/text/document.ts';
import { isTelling } from '../../../lib/text/fold.ts';
import { verifyTable } from '../../../lib/verify/verify.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { allEvents, deliver } from '../../support/reports.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const Row = z.object({ sk: z.string(), id: z.string() });
const State = z.object({ tokens: z.array(z.string()) });
const create = (objectType: string, properties: Record<string, string>) =>
  createRecord(database.app, objectType, properties);
const eventsOf = async (ref: { objectType: string; id: string }) =>
  (await allEvents(database.app)).filter(({ pk }) => pk === recordKey(ref).pk);
const tellAll = async (ref: { objectType: string; id: string }) => deliver(await eventsOf(ref));

/** The tokens under which a record really lies, of all that one could think of. */
async function rowsOf(objectType: string, id: string, tokens: Iterable<string>): Promise<string[]> {
  const found: string[] = [];
  for (const pk of new Set([...tokens].map((token) => textPartition(objectType, token))))
    for (const row of await database.app.table.all({ pk }, Row))
      if (row.id === id) found.push(row.sk.split('#')[0] ?? '');
  return found.toSorted();
}

async function expectedOf(objectType: string, properties: Record<string, string>): Promise<string[]> {
  const type = await loadObjectType(database.app, objectType);
  return [...textDocument(textParts(type, properties)).tokens].filter(isTelling).toSorted();
}

/** Rows, state and record say the same. */
async function agree(
  { objectType, id }: { objectType: string; id: string },
  properties: Record<string, string>,
  before: readonly string[] = [],
) {
  const expected = await expectedOf(objectType, properties);
  expect(await rowsOf(objectType, id, [...expected, ...before])).toEqual(expected);
  const state = await database.app.table.get(textStateKey({ objectType, id }), State);
  expect(state?.tokens.toSorted()).toEqual(expected);
  return expected;
}

describe('the rows of a record', () => {
  test('follow it, however often and in whatever order its events come', async () => {
    const person = await create('0-1', {
      lastname: '髙橋',
      firstname: '花子',
      company: 'サンプル商事',
      phone: '03-1234-5678',
    });
    const events = await eventsOf(person);
    await Promise.all([deliver(events), deliver(events), deliver([...events, ...events])]);
    const before = await agree(person, person.properties);

    const moved = await updateRecord(database.app, '0-1', { id: person.id }, { lastname: '田中', company: '' });
    await deliver((await eventsOf(person)).toReversed());
    await deliver(events);
    await agree(moved, moved.properties, before);

    await archiveRecord(database.app, '0-1', person.id);
    await tellAll(person);
    await deliver(events);
    expect(await rowsOf('0-1', person.id, before)).toEqual([]);
  });

  test('are right after many processors at once, whoever of them is last', async () => {
    const person = await create('0-1', { lastname: '一', firstname: '郎' });
    const names = ['山田太郎', '鈴木花子', '佐藤次郎', '高橋三郎', '田中四郎', '伊藤五郎'];
    const seen: string[] = [];
    for (const lastname of names) {
      await updateRecord(database.app, '0-1', { id: person.id }, { lastname });
      seen.push(...(await expectedOf('0-1', { lastname, firstname: '郎' })));
    }
    const running = names.map(async (lastname, at) => {
      const events = await eventsOf(person);
      await Promise.all([
        deliver(at % 2 ? events : events.toReversed()),
        updateRecord(database.app, '0-1', { id: person.id }, { lastname: `${lastname}改` }),
      ]);
      await tellAll(person);
    });
    await Promise.all(running);
    const now = await updateRecord(database.app, '0-1', { id: person.id }, {});
    await agree(person, now.properties, seen);
  });

  test('are more than a transaction holds, written in several and repaired when a process dies in between', async () => {
    const long = (from: number) => String.fromCodePoint(...Array.from({ length: 280 }, (_, at) => from + at));
    const note = await create('0-46', { hs_timestamp: '2026-11-25T00:00:00.000Z', hs_note_body: long(0x4e00) });
    const died = await dying(1, () => tellAll(note));
    expect(died).toBe(true);
    await tellAll(note);
    const before = await agree(note, note.properties);
    expect(before.length).toBe(280);

    const rewritten = await updateRecord(database.app, '0-46', { id: note.id }, { hs_note_body: long(0x6000) });
    await dying(3, () => tellAll(note));
    const state = await database.app.table.get(textStateKey(note), State);
    const both = [...before, ...(await expectedOf('0-46', rewritten.properties))];
    expect(await rowsOf('0-46', note.id, both)).toEqual(state?.tokens.toSorted());
    await tellAll(note);
    await agree(note, rewritten.properties, before);
  });

  test('of a record that is gone are gone', async () => {
    const note = await create('0-46', { hs_timestamp: '2026-11-25T00:00:00.000Z', hs_note_body: '消される議事録' });
    await tellAll(note);
    const before = await agree(note, note.properties);
    await database.app.table.commit([{ remove: recordKey(note) }]);
    await tellAll(note);
    expect(await rowsOf('0-46', note.id, before)).toEqual([]);
  });
});

describe('the walk over the table', () => {
  test('finds nothing when the projector has been told of everything', async () => {
    await deliver(await allEvents(database.app));
    expect(await problems()).toEqual([]);
  });

  test('finds a record that is not indexed, a row too many and a row too few', async () => {
    const person = await create('0-1', { lastname: '検査', email: 'walk@example.co.jp' });
    expect(await problems()).toEqual(['its text is not indexed']);
    await tellAll(person);
    const [lacking, extra] = [textKey('0-1', '検査', person.id), textKey('0-1', '余分', person.id)];
    await database.app.table.commit([{ remove: lacking }]);
    expect(await problems()).toEqual(['a row of its tokens is missing']);
    await database.app.table.commit([
      { put: { ...lacking, entity: 'text', id: person.id } },
      { put: { ...extra, entity: 'text', id: person.id } },
    ]);
    expect(await problems()).toEqual(['it does not know of a row']);
    await database.app.table.commit([{ remove: extra }]);
    await updateRecord(database.app, '0-1', { id: person.id }, { lastname: '別人' });
    expect(await problems()).toEqual(['its text index is of another version']);
    await tellAll(person);
    expect(await problems()).toEqual([]);
  });
});

async function problems(): Promise<string[]> {
  const server = await startDynamoServer(database.engine, 0, { scans: true });
  try {
    const verdict = await verifyTable(toolClient(server.url), 'table', database.app.portalId, { secondLookMs: 0 });
    return verdict.problems.filter(({ check }) => check === 'text').map(({ what }) => what);
  } finally {
    await server.close();
  }
}

/** Lets so many transactions of the engine through and refuses the next. */
async function dying(transactions: number, run: () => Promise<void>): Promise<boolean> {
  const { engine } = database;
  const execute = engine.execute.bind(engine);
  let left = transactions;
  engine.execute = ((action: string, body: never) => {
    if (action === 'TransactWriteItems' && left-- <= 0) throw new Error('the process died');
    return execute(action as never, body);
  }) as typeof engine.execute;
  try {
    await run();
    return false;
  } catch {
    return true;
  } finally {
    engine.execute = execute;
  }
}
