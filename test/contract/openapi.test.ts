import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { operations } from '../../functions/operations.ts';
import { openApiDocument } from '../../lib/core/openapi.ts';
import { isPublic, routesOf, operations as rows } from '../../lib/core/operation.ts';
import { type Document, type OperationObject, problemsOf } from './openapi/document.ts';

const origin = 'https://crm.example.co.jp';
const documentOf = (...args: Parameters<typeof openApiDocument>) =>
  JSON.parse(JSON.stringify(openApiDocument(...args))) as Document;
const document = documentOf(operations, origin);

const routes = operations.flatMap((operation) =>
  routesOf(operation)
    .filter((route) => route !== '$default')
    .map((route) => ({ operation, route })),
);
const objectOf = (route: string, { paths }: Document = document): OperationObject | undefined => {
  const [method = '', path = ''] = route.split(' ');
  return paths[path]?.[method.toLowerCase()];
};

test('the document of all rows is OpenAPI 3.1', () => {
  expect(problemsOf(document)).toEqual([]);
});

test('it names the server under which it was asked for', () => {
  expect(document.servers).toEqual([{ url: origin }]);
});

test('every row and every alias is in it, and nothing else', () => {
  const described = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(routes.map(({ route }) => route).sort());
});

describe.each(routes)('$route', ({ operation, route }) => {
  const described = objectOf(route);

  test('asks for a token with the scope of its row, or for none', () => {
    const security = isPublic(operation) ? undefined : [{ accessToken: operation.scope ? [operation.scope] : [] }];
    expect(described?.security).toEqual(security);
  });

  test('answers with the success codes of its row, and with the error body otherwise', () => {
    expect(Object.keys(described?.responses ?? {}).sort()).toEqual([
      ...[operation.status].flat().map(String),
      'default',
    ]);
    expect(described?.responses.default?.content?.['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/Error',
    });
  });

  test('describes the body that it takes and the one that it answers', () => {
    const takes = Boolean(operation.body || operation.rawBody);
    expect(Boolean(described?.requestBody)).toBe(takes);
    const schemas = [
      ...(operation.body ? [described?.requestBody?.content['application/json']?.schema] : []),
      ...(operation.output
        ? [operation.status].flat().flatMap((status) => {
            const answer = described?.responses[String(status)];
            return status === 204 ? [] : [answer?.content?.['application/json']?.schema];
          })
        : []),
    ];
    for (const schema of schemas) expect(Object.keys(schema ?? {}), JSON.stringify(schema)).not.toEqual([]);
  });
});

const Branch = z.object({
  name: z.string(),
  get branches() {
    return z.array(Branch);
  },
});
const things = rows('things', {
  create: {
    route: 'POST /things/{thingId}',
    also: ['PUT /things/{thingId}', 'POST /things/{thingId}/'],
    summary: 'Make a thing',
    scope: 'things',
    path: z.object({ thingId: z.string() }),
    query: z.object({ dry: z.optional(z.enum(['true', 'false'])), reason: z.string() }),
    body: Branch,
    status: [201, 207],
    output: z.object({ trunk: Branch }),
    uses: [],
  },
});

describe('a row whose body contains itself', () => {
  const made = documentOf(Object.values(things), origin);

  test('makes a valid document, its aliases with ids of their own', () => {
    expect(problemsOf(made)).toEqual([]);
    expect(objectOf('PUT /things/{thingId}', made)?.operationId).toBe('things.create:PUT:/things/{thingId}');
  });

  test('refers to itself by a component', () => {
    const schema = objectOf('POST /things/{thingId}', made)?.requestBody?.content['application/json']?.schema;
    expect(schema).toEqual({ $ref: '#/components/schemas/things.create.body' });
    expect(made.components.schemas['things.create.body']).toMatchObject({
      properties: { branches: { items: { $ref: '#/components/schemas/things.create.body' } } },
    });
  });

  test('says which parameters must be there', () => {
    expect(objectOf('POST /things/{thingId}', made)?.parameters).toMatchObject([
      { name: 'thingId', in: 'path', required: true },
      { name: 'dry', in: 'query', required: false },
      { name: 'reason', in: 'query', required: true },
    ]);
  });
});

describe('the check itself', () => {
  const broken = (change: (draft: Document) => void) => {
    const draft = documentOf(Object.values(things), origin);
    change(draft);
    return problemsOf(draft);
  };
  const at = (draft: Document): OperationObject => {
    const found = objectOf('POST /things/{thingId}', draft);
    if (!found) throw new Error('no operation');
    return found;
  };

  test.each<[string, (draft: Document) => void]>([
    ['a reference to nothing', (draft) => delete draft.components.schemas['things.create.body']],
    [
      'an id that two have',
      (draft) => {
        at(draft).operationId = 'things.create:PUT:/things/{thingId}';
      },
    ],
    [
      'a path variable that is not declared',
      (draft) => {
        at(draft).parameters = [];
      },
    ],
    [
      'a parameter that is declared twice',
      (draft) => {
        at(draft).parameters.push({ name: 'dry', in: 'query', required: false, schema: {} });
      },
    ],
    [
      'a body of no type',
      (draft) => {
        at(draft).requestBody = { required: true, content: {} };
      },
    ],
    [
      'no answer',
      (draft) => {
        at(draft).responses = {};
      },
    ],
    [
      'a token of a kind that is not declared',
      (draft) => {
        at(draft).security = [{ cookie: [] }];
      },
    ],
    [
      'two paths that differ in a name only',
      (draft) => {
        draft.paths['/things/{other}'] = draft.paths['/things/{thingId}'] ?? {};
      },
    ],
    [
      'a type that does not exist',
      (draft) => {
        draft.components.schemas.Error = { type: 'text' };
      },
    ],
    [
      'a required field listed twice',
      (draft) => {
        draft.components.schemas.Error = { type: 'object', required: ['a', 'a'] };
      },
    ],
  ])('finds %s', (_, change) => {
    expect(broken(change)).not.toEqual([]);
  });
});
