import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { operations } from '../../functions/operations.ts';
import type { Operation, Registered } from '../../lib/core/operation.ts';
import { type Answer, type Call, call } from '../support/call.ts';
import { bearer, type Database, startDatabase } from '../support/database.ts';
import { sampleOf } from './hubspot/sample.ts';
import { rowFor, type SurfaceOperation, surface } from './hubspot/surface.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

type Case = { readonly name: string; readonly call: Call };
type Served = { readonly operation: SurfaceOperation; readonly row: Registered<Operation> };

/** Each row once, as the first operation of HubSpot's surface that it serves calls it. */
const served = [
  ...new Map(
    surface.flatMap((operation): [string, Served][] => {
      const row = rowFor(operations, operation.method, operation.path);
      return row ? [[row.id, { operation, row }]] : [];
    }),
  ).values(),
];

const isType = (name: string) => /type/i.test(name) && !/typeId$/i.test(name.replace('objectTypeId', 'objectType'));
const namesIn = (route: string) => [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
const usual = (name: string) => {
  if (name === 'toObjectType' || name === 'toObjectTypeId') return 'companies';
  if (/objectType/i.test(name)) return 'contacts';
  return name === 'ruleType' ? 'MAX_LENGTH' : '1';
};
const pathOf = ({ route }: Operation) => Object.fromEntries(namesIn(route).map((name) => [name, usual(name)]));

/** Longer than any key may be, and other ids that there cannot be. */
const badIds = ['x', '9'.repeat(40), 'あ💥', 'x'.repeat(2100), '#', '-1'];
const badWords = ['x'.repeat(5000), '-1', 'あ💥', '1e9', ',,,'];
const long = 'あ'.repeat(65_537);

type Json = null | string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** The value with each of its parts changed, one at a time. */
function variants(value: Json, change: (part: Json) => readonly Json[]): Json[] {
  const own = change(value);
  if (Array.isArray(value))
    return [
      ...own,
      ...(value as Json[]).flatMap((part, at) => variants(part, change).map((each) => value.with(at, each))),
    ];
  if (typeof value !== 'object' || value === null) return [...own];
  return [
    ...own,
    ...Object.entries(value).flatMap(([name, part]) =>
      variants(part, change).map((each) => ({ ...value, [name]: each })),
    ),
  ];
}

const spoiled = (part: Json): readonly Json[] => {
  if (Array.isArray(part)) return [{}, 'x', Array.from({ length: 2100 }, () => part[0] ?? 'x')];
  if (typeof part === 'string') return [long, '', 'x\u0000#', null, { x: 1 }, [1]];
  if (typeof part === 'number') return [-1, 1.5, 1e300, 'x', null];
  return [null, 'x', [], 7];
};

function bodiesOf({ operation }: Served): Json[] {
  if (!operation.body) return [];
  const sample = sampleOf(operation.body, { group: operation.group, fields: 'all', member: 0 }) as Json;
  return [null, [], {}, 'text', 7, ...variants(sample, spoiled)];
}

function casesOf(one: Served): Case[] {
  const { operation, row } = one;
  const path = pathOf(row);
  const body = operation.body
    ? sampleOf(operation.body, { group: operation.group, fields: 'required', member: 0 })
    : undefined;
  const usualCall = {
    method: operation.method,
    url: operation.path,
    path,
    headers: bearer(),
    ...(body !== undefined && { body }),
  };
  return [
    { name: 'as usual', call: usualCall },
    ...Object.keys(path).flatMap((name) =>
      (isType(name) ? ['unicorns', ...badIds] : badIds).map((value) => ({
        name: `${name} = ${value.slice(0, 20)}`,
        call: { ...usualCall, path: { ...path, [name]: value } },
      })),
    ),
    ...Object.keys(operation.query ?? {}).flatMap((name) =>
      badWords.map((value) => ({
        name: `?${name}=${value.slice(0, 20)}`,
        call: { ...usualCall, query: { [name]: value } },
      })),
    ),
    ...(operation.body ? [{ name: 'no JSON', call: { ...usualCall, body: '{"a":' } }] : []),
    ...bodiesOf(one).map((value) => ({
      name: `body ${JSON.stringify(value).slice(0, 200)}`,
      call: { ...usualCall, body: JSON.stringify(value) },
    })),
  ];
}

const load = async ({ id }: Registered): Promise<unknown> =>
  ((await import(new URL(`../../functions/${id}.ts`, import.meta.url).href)) as { handler: unknown }).handler;

/** What is wrong with an answer: a bug's 500, or a refusal that is not in HubSpot's words. */
function complaint({ status, body }: Answer): string | undefined {
  if (status >= 500) return String(status);
  if (status < 400) return undefined;
  const error = body as Record<string, unknown> | undefined;
  const said = ['message', 'category', 'correlationId'].every((field) => typeof error?.[field] === 'string');
  return said && error?.status === 'error' ? undefined : `${status} ${JSON.stringify(body)}`;
}

describe('whatever a client sends, the answer is an answer', () => {
  test.each(served.map((one) => [one.row.id, one] as const))('%s', async (_, one) => {
    const handler = await load(one.row);
    const complaints: string[] = [];
    for (const each of casesOf(one)) {
      const told = complaint(await call(handler, each.call));
      if (told) complaints.push(`${each.name}: ${told}`);
    }
    expect(complaints.slice(0, 10)).toEqual([]);
  });
});

const isPaged = ({ query }: Operation) =>
  query !== undefined && 'after' in (z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' }).properties ?? {});
const paged = operations.filter((row) => row.route.startsWith('GET ') && isPaged(row));

describe('a cursor that is none is answered with a page or a 400, whoever reads it', () => {
  test.each(paged.map((row) => [row.id, row] as const))('%s', async (_, row) => {
    const handler = await load(row);
    const answers = ['x'.repeat(1500), 'あ'.repeat(400), '#', '-1'].map((after) =>
      call(handler, { method: 'GET', path: pathOf(row), headers: bearer(), query: { after } }),
    );
    expect((await Promise.all(answers)).map(complaint)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
