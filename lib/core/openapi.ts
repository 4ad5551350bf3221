import * as z from 'zod/mini';
import { heedsKey, isPublic, type Registered, routesOf } from './operation.ts';

type JsonObject = Record<string, unknown>;

/** The OpenAPI 3.1 document of these rows. It cannot drift from them: paths, bodies, codes and scopes are read from each row. */
export function openApiDocument(operations: readonly Registered[], server: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  const schemas: Record<string, JsonObject> = { Error: errorSchema };
  for (const operation of operations) {
    for (const route of routesOf(operation)) {
      const [method = '', path] = route.split(' ');
      if (!path) continue;
      paths[path] = { ...paths[path], [method.toLowerCase()]: operationObject(operation, route, schemas) };
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tsunagi', version: '1', description: "A customer platform that speaks HubSpot's public HTTP API" },
    servers: [{ url: server }],
    components: {
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer' } },
      schemas,
    },
    paths,
  };
}

function operationObject(operation: Registered, route: string, schemas: Record<string, JsonObject>): JsonObject {
  const name = operation.id.replace('/', '.');
  const [first = 200] = [operation.status].flat();
  const body = operation.body && standing(schemaOf(operation.body, 'input'), `${name}.body`, schemas);
  const output = operation.output && standing(schemaOf(operation.output, 'output'), `${name}.answer`, schemas);
  return {
    operationId: route === operation.route ? name : `${name}:${route.replace(' ', ':')}`,
    summary: operation.summary,
    tags: [operation.id.split('/')[0]],
    ...(!isPublic(operation) && { security: [{ accessToken: operation.scope ? [operation.scope] : [] }] }),
    parameters: [
      ...versionOf(route),
      ...parameters(operation.path, 'path'),
      ...parameters(operation.query, 'query'),
      ...headerParameters(operation),
    ],
    ...(body && { requestBody: { required: true, content: json(body) } }),
    ...(operation.rawBody && { requestBody: { required: true, content: { '*/*': {} } } }),
    responses: {
      ...Object.fromEntries(
        [operation.status].flat().map((status) => [
          status,
          {
            description: status === first ? operation.summary : 'Some of the inputs failed',
            ...(output && status !== 204 && { content: json(output) }),
          },
        ]),
      ),
      default: { description: 'An error', content: json({ $ref: '#/components/schemas/Error' }) },
    },
  };
}

/**
 * A schema that names parts of itself does so from its own root, which within the document is another place: it is set among the
 * components, and its references with it.
 */
function standing(schema: JsonObject, name: string, schemas: Record<string, JsonObject>): JsonObject {
  const text = JSON.stringify(schema);
  if (!text.includes('"$ref":"#')) return schema;
  const here = `#/components/schemas/${name}`;
  const { $defs = {}, ...root } = JSON.parse(
    text.replaceAll('"$ref":"#/$defs/', `"$ref":"${here}.`).replaceAll('"$ref":"#"', `"$ref":"${here}"`),
  ) as JsonObject & { $defs?: Record<string, JsonObject> };
  schemas[name] = root;
  for (const [part, definition] of Object.entries($defs)) schemas[`${name}.${part}`] = definition;
  return { $ref: here };
}

const json = (schema: JsonObject) => ({ 'application/json': { schema } });

/** Transforms have no JSON form of their own: the side that travels is described, and what has no form is left open. */
const schemaOf = (schema: z.ZodMiniType, io: 'input' | 'output'): JsonObject => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonObject;
  return rest;
};

function parameters(schema: z.ZodMiniType | undefined, where: 'path' | 'query'): JsonObject[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: property,
  }));
}

/** The version in a dated spelling of a path. */
const versionOf = (route: string): JsonObject[] =>
  route.includes('/{version}') ? [{ name: 'version', in: 'path', required: true, schema: { type: 'string' } }] : [];

const header = (name: string, description: string): JsonObject => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
});

const headerParameters = (operation: Registered): JsonObject[] => [
  ...(heedsKey(operation) ? [header('Idempotency-Key', 'A repetition within 24 hours gets the first answer')] : []),
  ...(operation.ifMatch ? [header('If-Match', 'The ETag that the record must still have')] : []),
];

const errorSchema = {
  type: 'object',
  required: ['status', 'message', 'correlationId', 'category'],
  properties: {
    status: { type: 'string', const: 'error' },
    message: { type: 'string' },
    correlationId: { type: 'string', format: 'uuid' },
    category: { type: 'string' },
    subCategory: { type: 'string' },
    errors: { type: 'array', items: { type: 'object' } },
    context: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
    links: { type: 'object', additionalProperties: { type: 'string' } },
  },
};
