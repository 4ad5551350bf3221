import { describe, expect, test } from 'vitest';
import { operations } from '../../functions/operations.ts';
import type { Operation } from '../../lib/core/operation.ts';
import { shortcomings } from './hubspot/answer.ts';
import { different, ignored, later, lenient, narrower, unexplained } from './hubspot/deviations.ts';
import { memberCount, requiredFields, sampleOf, without } from './hubspot/sample.ts';
import { rowFor, type SurfaceOperation, shapeOf, statusesOf, surface } from './hubspot/surface.ts';

const nameOf = ({ group, method, path }: SurfaceOperation) => `${group}: ${method} ${path}`;
const none = { names: [], stale: [] };
const expected = surface.filter((operation) => !later.has(shapeOf(operation)));
const served = expected.flatMap((operation) => {
  const row = rowFor(operations, operation.method, operation.path);
  return row ? [{ operation, row }] : [];
});

describe('every operation of the groups that we serve', () => {
  test.each(
    expected.map((operation) => [nameOf(operation), operation] as const),
  )('%s has a row with exactly its success codes', (_, operation) => {
    const row = rowFor(operations, operation.method, operation.path);
    expect(row, 'no row has this route').toBeDefined();
    expect([row?.status].flat().sort(), row?.id).toEqual(statusesOf(operation));
    // `$default` sends a path that ends in a slash on to the one without, body and all.
    if (operation.also) expect(operation.also.replace(/\/$/, '')).toBe(operation.path);
  });

  test('an operation that was put off for later is not here yet', () => {
    const here = surface.filter((each) => later.has(shapeOf(each)) && rowFor(operations, each.method, each.path));
    expect(here.map(nameOf)).toEqual([]);
  });

  test('are these', () => {
    const groups = Map.groupBy(surface, ({ group }) => group);
    const lines = [...groups].map(([group, all]) => {
      const missing = all.filter((each) => !rowFor(operations, each.method, each.path));
      const reasons = missing.map((each) => `${each.method} ${each.path} (${later.get(shapeOf(each)) ?? 'missing'})`);
      const count = `${all.length - missing.length} of ${all.length}`;
      return `${group.padEnd(32)} ${count}${reasons.length > 0 ? `; left out: ${reasons.join(', ')}` : ''}`;
    });
    console.log(['operations implemented', ...lines].join('\n'));
    expect(lines.length).toBeGreaterThan(40);
  });

  test('what was put off is an operation of the surface', () => {
    const shapes = new Set(surface.map(shapeOf));
    expect([...later.keys()].filter((shape) => !shapes.has(shape))).toEqual([]);
  });
});

const queryValues: Readonly<Record<string, readonly string[]>> = {
  number: ['1', '50'],
  boolean: ['true', 'false'],
  list: ['email', 'email,lastname'],
  string: ['example'],
};

const emailWords: Readonly<Record<string, readonly string[]>> = {
  type: ['BATCH_EMAIL', 'AB_EMAIL'],
  interval: ['DAY', 'QUARTER_HOUR'],
  before: ['12'],
};

/** Words that a parameter takes, where it is not any word. */
const wordsOf = (name: string, { group, path }: SurfaceOperation): readonly string[] | undefined => {
  if (name === 'idProperty')
    return group === 'settings/users' ? ['USER_ID', 'EMAIL'] : group === 'crm/owners' ? ['id', 'userId'] : ['email'];
  if (group === 'marketing/emails' && name in emailWords) return emailWords[name];
  if (/^occurred|^(created|updated|published)(At|After|Before)$|Timestamp$/.test(name))
    return ['2026-11-22T00:00:00.000Z'];
  if (name === 'threadStatus') return ['OPEN', 'CLOSED'];
  if (name === 'latestMessageTimestampAfter') return ['2026-11-22T00:00:00Z'];
  if (name === 'sort' && path.endsWith('/threads')) return ['id', '-id', 'latestMessageTimestamp'];
  if (name === 'after') return ['1234567890123456'];
  return name === 'formTypes' && path.startsWith('/marketing/') ? ['hubspot', 'all'] : undefined;
};

const fieldsOf = ({ query }: Operation) => Object.keys((query as { shape?: object } | undefined)?.shape ?? {});

describe('every query parameter that the client sends', () => {
  const parameters = served.flatMap(({ operation, row }) =>
    Object.entries(operation.query ?? {}).map(([name, type]) => ({ operation, row, name, type })),
  );

  test('is read, or ignored for a reason', () => {
    const unread = parameters.filter(({ row, name }) => !fieldsOf(row).includes(name));
    const names = unread.map(({ row, name }) => `${row.id} ${name}`);
    expect(unexplained(names, ignored)).toEqual(none);
  });

  test('is accepted in the forms in which it is sent', () => {
    const refused = parameters.flatMap(({ operation, row, name, type }) =>
      (wordsOf(name, operation) ?? queryValues[type] ?? [])
        .filter((value) => row.query?.safeParse({ [name]: value }).success === false)
        .map((value) => `${nameOf(operation)}?${name}=${value}`),
    );
    expect(refused).toEqual([]);
  });
});

const bodies = served.flatMap(({ operation, row }) => {
  const { body: type, group } = operation;
  if (!type) return [];
  const count = memberCount(type, group);
  const samples = Array.from({ length: count }, (_, member) => member).flatMap((member) =>
    (['required', 'all'] as const).map((fields) => {
      const choice = { group, fields, member, without: narrower };
      return { choice, value: sampleOf(type, choice) };
    }),
  );
  return [{ operation, row, type, count, samples }];
});

/** Whether a sample has the field of `Model.field=value` with this value. */
const contains = (sample: unknown, refused: string) => {
  const [, field, value] = /\.(\w+)=(.+)$/.exec(refused) ?? [];
  return JSON.stringify(sample).includes(`"${field}":"${value}"`);
};

describe('every body that the client sends', () => {
  test.each(bodies.map((body) => [nameOf(body.operation), body] as const))('%s is accepted', (_, { row, samples }) => {
    for (const { value } of samples) {
      expect(row.body?.safeParse(value).error?.issues ?? [], `${row.id} ${JSON.stringify(value)}`).toEqual([]);
    }
  });

  test('may lack a required field only where we are lenient for a reason', () => {
    const missed: string[] = [];
    for (const { row, type, samples } of bodies) {
      for (const { choice, value } of samples) {
        for (const { name, path } of requiredFields(type, value, choice)) {
          if (row.body?.safeParse(without(value, path)).success) missed.push(name);
        }
      }
    }
    expect(unexplained(missed, lenient)).toEqual(none);
  });

  test.each([...narrower.keys()])('with %s is refused: what is taken must leave the list', (refused) => {
    const others = new Map([...narrower].filter(([value]) => value !== refused));
    const taken = bodies.filter(({ operation: { group }, row, type, count }) =>
      Array.from({ length: count }, (_, member) => sampleOf(type, { group, fields: 'all', member, without: others }))
        .filter((value) => contains(value, refused))
        .some((value) => row.body?.safeParse(value).success),
    );
    expect(taken.map(({ row }) => row.id)).toEqual([]);
  });
});

test("every answer has the fields of HubSpot's model, or differs for a reason", () => {
  const problems = new Map<string, string>();
  for (const { operation, row } of served) {
    for (const model of Object.values(operation.responses)) {
      if (!model || !row.output) continue;
      for (const [field, problem] of shortcomings(row.output, model, operation.group)) problems.set(field, problem);
    }
  }
  const { names, stale } = unexplained(problems.keys(), different);
  expect(names.map((name) => `${name} ${problems.get(name)}`)).toEqual([]);
  expect(stale).toEqual([]);
});

test('a row whose answer has a model declares what it answers', () => {
  const silent = served.filter(({ operation, row }) => !row.output && Object.values(operation.responses).some(Boolean));
  expect(silent.map(({ row }) => row.id)).toEqual([]);
});
