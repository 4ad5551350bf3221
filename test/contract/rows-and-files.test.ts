import { existsSync, globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { queues } from '../../events/queues.ts';
import { schedules } from '../../events/schedules.ts';
import { streamReaders } from '../../events/streams.ts';
import { subscriptions } from '../../events/subscriptions.ts';
import { operations, workers } from '../../functions/operations.ts';
import { routesOf } from '../../lib/core/operation.ts';

const root = new URL('../..', import.meta.url).pathname;
/** Files of `functions/` that are tables, not handlers. */
const tables = /(^|\/)operations\.ts$/;
const handlerFiles = globSync('functions/**/*.ts', { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !tables.test(path))
  .map((path) => path.slice('functions/'.length, -'.ts'.length))
  .sort();

test('every row has its handler file, and every handler file its row', () => {
  const ids = [...operations, ...workers].map(({ id }) => id).sort();
  expect(handlerFiles).toEqual(ids);
});

test('no route is declared twice', () => {
  const routes = operations.flatMap(routesOf).map((route) => route.replace(/\{\w+\}/g, '{}'));
  expect(routes.filter((route, position) => routes.indexOf(route) !== position)).toEqual([]);
});

test('every area of functions/ is in the list of all operations', () => {
  const areas = globSync('functions/*/operations.ts', { cwd: root }).map((path) => path.split('/')[1]);
  const listed = new Set([...operations, ...workers].map(({ id }) => id.split('/')[0]));
  expect(areas.filter((area) => !listed.has(area))).toEqual([]);
});

test('every worker is started by the stream, a rule, a queue, a schedule or the deployment, and every trigger names a worker', () => {
  const triggered = [
    ...subscriptions.map(({ worker }) => worker),
    ...queues.map(({ worker }) => worker),
    ...schedules.map(({ worker }) => worker),
    ...streamReaders.map(({ worker }) => worker),
    'account/seed',
  ];
  expect([...new Set(triggered)].sort()).toEqual(workers.map(({ id }) => id).sort());
});

test('the handler of each row exports `handler`', async () => {
  for (const { id } of [...operations, ...workers]) {
    expect(existsSync(`${root}functions/${id}.ts`), id).toBe(true);
    const module: { handler?: unknown } = await import(new URL(`../../functions/${id}.ts`, import.meta.url).href);
    expect(typeof module.handler, id).toBe('function');
  }
});
