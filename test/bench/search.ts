import { setImmediate } from 'node:timers/promises';
import { marshall } from '@aws-sdk/util-dynamodb';
import { associate } from '../../lib/associations/store.ts';
import { app } from '../../lib/core/app.ts';
import type { ObjectType } from '../../lib/objects/definition.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { newRecord } from '../../lib/objects/record.ts';
import { createSteps } from '../../lib/objects/record-steps.ts';
import { createRecord } from '../../lib/objects/store.ts';
import { SearchRequest } from '../../lib/search/schema.ts';
import { searchRecords } from '../../lib/search/search.ts';
import { countKey } from '../../lib/table/keys.ts';
import { Meter } from '../../lib/table/meter.ts';
import { transactionLimit } from '../../lib/table/table.ts';
import { bringTextUpToDate } from '../../lib/text/project.ts';
import { type Database, startDatabase } from '../support/database.ts';

/** What a page of 100 costs: the first, which counts, and the second. `budget`: calls of the first. */
export type SearchCost = {
  readonly what: string;
  readonly contacts: number;
  readonly calls: number;
  readonly rru: number;
  readonly nextCalls: number;
  readonly nextRru: number;
  readonly found: number;
  readonly budget: number | undefined;
};

type Case = { readonly what: string; readonly request: object; readonly budget?: number };

const few = 150;
const filter = (propertyName: string, operator: string, rest: object = {}) => ({ propertyName, operator, ...rest });

/** Each selective filter leaves 150 contacts, whatever the number of the others. */
const cases = (companyId: string): Case[] => [
  { what: 'equality', request: { filters: [filter('company', 'EQ', { value: 'few' })] }, budget: 4 },
  { what: 'range', request: { filters: [filter('date_of_birth', 'GTE', { value: '2020-01-01' })] }, budget: 4 },
  { what: 'IN of two', request: { filters: [filter('company', 'IN', { values: ['few', 'none'] })] }, budget: 4 },
  {
    what: 'two filters, one selective',
    request: { filters: [filter('hs_lead_status', 'EQ', { value: 'NEW' }), filter('company', 'EQ', { value: 'few' })] },
    budget: 4,
  },
  {
    what: 'association',
    request: { filters: [filter('associations.company', 'EQ', { value: companyId })] },
    budget: 4,
  },
  { what: 'query', request: { query: 'rarelastname' }, budget: 6 },
  { what: 'sort only', request: { sorts: ['-lastname'] }, budget: 4 },
  { what: 'everything', request: {}, budget: 5 },
  { what: 'equality that all meet', request: { filters: [filter('hs_lead_status', 'EQ', { value: 'NEW' })] } },
  { what: 'no index, half of all', request: { filters: [filter('city', 'EQ', { value: '東京' })] } },
];

/** Calls and read units of searches among more and more contacts. */
export async function* measureSearch(sizes: readonly number[]): AsyncGenerator<SearchCost> {
  const database = await startDatabase();
  try {
    const type = await loadObjectType(database.app, 'contacts');
    const company = await createRecord(database.app, 'companies', { name: '株式会社サンプル' });
    const chosen = await load(database, type, 0, few);
    for (const id of chosen.slice(0, 120))
      await associate(database.app, { objectType: '0-1', id }, { objectType: '0-2', id: company.id }, 'default');
    await bringTextUpToDate(
      database.app,
      chosen.map((id) => ({ objectType: '0-1', id })),
    );
    let there = few;
    for (const size of sizes) {
      await load(database, type, there, size);
      there = size;
      await database.app.table.commit([{ put: { ...countKey('0-1'), records: size } }]);
      for (const each of cases(company.id)) yield await measure(each, size);
    }
  } finally {
    await database.close();
  }
}

/** Contacts with all rows that the store writes, many to a transaction; the first ones are those that selective filters find. */
async function load({ app: own, engine }: Database, type: ObjectType, from: number, to: number): Promise<string[]> {
  const ids: string[] = [];
  let puts: object[] = [];
  for (let n = from; n < to; n += 1) {
    const values = {
      lastname: n < few ? 'rarelastname' : `sato${n}`,
      company: n < few ? 'few' : `company ${n % 997}`,
      date_of_birth: n < few ? '2020-05-05' : '1980-01-01',
      hs_lead_status: 'NEW',
      city: n % 2 === 0 ? '東京' : '大阪',
    };
    const decision = newRecord(type, values, { id: own.newId(), now: own.now(), actor: own.actor });
    ids.push(decision.record.id);
    const writes = createSteps(own, type, decision).map(({ write }) => write);
    const items = writes.flatMap((write) => ('put' in write ? [write.put] : []));
    if (puts.length + items.length > transactionLimit) {
      engine.execute('TransactWriteItems', { TransactItems: puts });
      puts = [];
      if (n % 1000 < 10) await setImmediate();
    }
    puts.push(...items.map((item) => ({ Put: { TableName: 'table', Item: marshall(item) } })));
  }
  if (puts.length > 0) engine.execute('TransactWriteItems', { TransactItems: puts });
  return ids;
}

async function measure({ what, request, budget }: Case, contacts: number): Promise<SearchCost> {
  const page = async (after?: string) => {
    const meter = new Meter();
    const own = app({ actor: { kind: 'system', id: 'bench' }, meter });
    const found = await searchRecords(
      own,
      'contacts',
      SearchRequest.parse({ ...request, limit: 100, ...(after && { after }) }),
    );
    return { meter, found };
  };
  await page();
  const first = await page();
  const next = await page(first.found.after);
  return {
    what,
    contacts,
    calls: first.meter.calls,
    rru: first.meter.rru,
    nextCalls: next.meter.calls,
    nextRru: next.meter.rru,
    found: first.found.total.count,
    budget,
  };
}
