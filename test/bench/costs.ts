import type { Started } from './system.ts';

type Cost = { readonly calls: number; readonly rru: number; readonly wru: number };
export type Row = { readonly what: string; readonly cost: Cost };

async function ask(system: Started, method: string, path: string, body?: unknown) {
  const response = await fetch(`${system.apiUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${system.accessToken}`,
      'content-type': 'application/json',
      'x-tsunagi-cost': '1',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  const facts = Object.fromEntries(
    (response.headers.get('x-tsunagi-cost') ?? '').split(';').map((part) => part.split('=')),
  );
  const cost: Cost = { calls: Number(facts.calls), rru: Number(facts.rru), wru: Number(facts.wru) };
  return { cost, answer: text ? (JSON.parse(text) as unknown) : {} };
}

/** A contact of ten properties, as the budget for a create has it. */
export const contact = (n: number | string) => ({
  email: `bench${n}@example.co.jp`,
  lastname: '田中',
  firstname: '太郎',
  phone: '03-1234-5678',
  company: '株式会社サンプル',
  jobtitle: '課長',
  city: '東京',
  website: 'https://www.example.co.jp/',
  lifecyclestage: 'lead',
  hs_lead_status: 'NEW',
});

/** What each operation costs in calls and units, asked twice so that definitions and token are in memory, as they are in a warm function. */
export async function measureCosts(system: Started): Promise<Row[]> {
  const rows: Row[] = [];
  const measure = async (what: string, method: string, path: (n: number) => string, body?: (n: number) => unknown) => {
    let last = await ask(system, method, path(0), body?.(0));
    last = await ask(system, method, path(1), body?.(1));
    rows.push({ what, cost: last.cost });
    return last.answer as unknown;
  };
  const objects = '/crm/v3/objects/contacts';
  const made = (await measure(
    'create a contact of 10 properties',
    'POST',
    () => objects,
    (n) => ({ properties: contact(`cost${n}`), associations: [] }),
  )) as { id: string };
  await measure('get a record', 'GET', () => `${objects}/${made.id}`);
  await measure('get by e-mail', 'GET', () => `${objects}/bench${'cost1'}@example.co.jp?idProperty=email`);
  await measure(
    'update one property',
    'PATCH',
    () => `${objects}/${made.id}`,
    (n) => ({ properties: { jobtitle: `部長${n}` } }),
  );
  await measure(
    'batch create 100',
    'POST',
    () => `${objects}/batch/create`,
    (n) => ({
      inputs: Array.from({ length: 100 }, (_, row) => ({ properties: contact(`batch${n}-${row}`), associations: [] })),
    }),
  );
  await measure(
    'batch read 100',
    'POST',
    () => `${objects}/batch/read`,
    (n) => ({
      inputs: Array.from({ length: 100 }, (_, row) => ({ id: `bench${'batch'}${n}-${row}@example.co.jp` })),
      idProperty: 'email',
      properties: ['email'],
    }),
  );
  await measure('list 100', 'GET', () => `${objects}?limit=100`);
  return rows;
}
