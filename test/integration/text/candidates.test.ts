import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Job } from '../../../lib/jobs/job.ts';
import { listJobs } from '../../../lib/jobs/store.ts';
import { loadObjectType } from '../../../lib/objects/definition-store.ts';
import { type CrmRecord, createRecord } from '../../../lib/objects/store.ts';
import { SchemaCreate, SchemaPatch } from '../../../lib/schemas/input.ts';
import { insertSchema, updateSchema } from '../../../lib/schemas/store.ts';
import { inParallel } from '../../../lib/table/in-parallel.ts';
import { textKey } from '../../../lib/table/text-keys.ts';
import { matchesQuery } from '../../../lib/text/match.ts';
import { bringTextUpToDate } from '../../../lib/text/project.ts';
import { textCandidates } from '../../../lib/text/store.ts';
import { textIndex } from '../../../lib/text/text-index.ts';
import { type Database, startDatabase } from '../../support/database.ts';

let database: Database;
let people: readonly CrmRecord[];
const families = ['田中', '髙橋', '高田', '中田', '渡邉', '斎藤', '田', '山田中'];
const givens = ['太郎', '花子', '一郎', '郎子', 'ゆうこ', 'ユウコ'];
const companies = ['株式会社サンプル', '(株)田中商事', 'A8.net', 'Sample Trading', '有限会社高橋', 'landinghub'];
beforeAll(async () => {
  database = await startDatabase();
  people = await inParallel(Array.from({ length: 240 }), 4, (_, at) =>
    createRecord(database.app, '0-1', {
      lastname: families[at % families.length] ?? '',
      firstname: givens[at % givens.length] ?? '',
      company: companies[(at * 7) % companies.length] ?? '',
      email: `user${at}@example${at % 5}.co.jp`,
    }),
  );
  await bringTextUpToDate(database.app, people);
});
afterAll(() => database.close());

/** Every candidate, page by page. */
async function candidates(query: string, limit: number, objectType = '0-1'): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await textCandidates(database.app, objectType, query, {
      limit,
      ...(after !== undefined && { after }),
    });
    ids.push(...page.ids);
    after = page.after;
  } while (after !== undefined);
  return ids;
}

test('all records that match are among the candidates, each once and in the order of their ids, whatever the page', async () => {
  const type = await loadObjectType(database.app, '0-1');
  const word = fc.oneof(
    fc.constantFrom(
      ...families,
      ...givens,
      ...companies,
      '高橋花子',
      '田中太',
      'ﾕｳｺ',
      'user1',
      'user12@example2',
      'co',
      '会社',
      '中',
      '',
    ),
    fc.string({ unit: fc.constantFrom(...'田中高橋株式会社ゆうこexample.1'), maxLength: 4 }),
  );
  const query = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
  await fc.assert(
    fc.asyncProperty(query, fc.integer({ min: 1, max: 300 }), async (text, limit) => {
      const found = await candidates(text, limit);
      expect(found).toEqual([...new Set(found)].toSorted());
      const matching = people.filter(({ properties }) => matchesQuery(type, properties, text)).map(({ id }) => id);
      expect(matching.filter((id) => !found.includes(id))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('a beginning that very many records share is looked for in the listing of the type', async () => {
  const rows = Array.from({ length: 21_000 }, (_, at) => ({
    put: { ...textKey('0-27', `zz${at % 9000}`, String(1_000_000 + at)), id: String(1_000_000 + at) },
  }));
  await inParallel(Array.from({ length: 210 }), 4, (_, at) =>
    database.app.table.commit(rows.slice(at * 100, at * 100 + 100)),
  );
  const task = await createRecord(database.app, '0-27', { hs_timestamp: '2026-11-25T00:00:00.000Z' });
  expect(await candidates('zz', 10, '0-27')).toEqual([task.id]);
  expect((await candidates('zz8999', 1, '0-27')).length).toBe(2);
});

test('a schema that is searched by another property has its records indexed anew by a job', async () => {
  const { objectTypeId } = await insertSchema(
    database.app,
    SchemaCreate.parse({
      name: 'program_information',
      labels: { singular: 'プログラム' },
      primaryDisplayProperty: 'program_name',
      searchableProperties: ['program_name'],
      properties: ['program_name', 'reward_terms'].map((name) => ({
        name,
        label: name,
        type: 'string',
        fieldType: 'text',
      })),
    }),
  );
  const programs = await inParallel(Array.from({ length: 60 }), 4, (_, at) =>
    createRecord(database.app, objectTypeId, { program_name: `定期コース${at}`, reward_terms: `定額 ${800 + at}円` }),
  );
  await bringTextUpToDate(database.app, programs);
  expect(await candidates('定額', 100, objectTypeId)).toEqual([]);

  await updateSchema(database.app, objectTypeId, SchemaPatch.parse({ labels: { plural: 'プログラム情報' } }));
  expect((await listJobs(database.app, { limit: 10 })).jobs).toEqual([]);
  await updateSchema(
    database.app,
    objectTypeId,
    SchemaPatch.parse({ searchableProperties: ['program_name', 'reward_terms'] }),
  );
  const [job] = (await listJobs(database.app, { limit: 10 })).jobs;
  expect(job).toMatchObject({ kind: 'text-index', input: { objectType: objectTypeId } });
  expect(await runToEnd(job as Job)).toBe(60);
  expect(await candidates('定額', 100, objectTypeId)).toEqual(programs.map(({ id }) => id).toSorted());
});

async function runToEnd(job: Job): Promise<number> {
  let processed = 0;
  let slice = await textIndex.run(database.app, job);
  processed += slice.processed;
  while (!slice.done) {
    slice = await textIndex.run(database.app, { ...job, cursor: slice.cursor });
    processed += slice.processed;
  }
  return processed;
}
