import * as z from 'zod/mini';
import { isPublic, type Operation, type Registered, routesOf } from './operation.ts';

type JsonObject = Record<string, unknown>;

/** The OpenAPI 3.1 document of these rows. It cannot drift from them: paths, bodies, codes and scopes are read from each row. */
export function openApiDocument(operations: readonly Registered[], server: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    for (const route of routesOf(operation)) {
      const [method = '', path] = route.split(' ');
      if (!path) continue;
      paths[path] = { ...paths[path], [method.toLowerCase()]: operationObject(operation, route) };
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tsunagi', version: '1', description: "A customer platform that speaks HubSpot's public HTTP API" },
    servers: [{ url: server }],
    components: {
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: errorSchema },
    },
    paths,
  };
}

function operationObject(operation: Registered, route: string): JsonObject {
  const main = route === operation.route;
  const [first = 200] = [operation.status].flat();
  return {
    operationId: main ? operation.id.replace('/', '.') : `${operation.id.replace('/', '.')}:${route.split(' ')[1]}`,
    summary: operation.summary,
    tags: [operation.id.split('/')[0]],
    ...(!isPublic(operation) && { security: [{ accessToken: operation.scope ? [operation.scope] : [] }] }),
    parameters: [...parameters(operation.path, 'path'), ...parameters(operation.query, 'query')],
    ...(operation.body && { requestBody: { required: true, content: json(schemaOf(operation.body, 'input')) } }),
    responses: {
      ...Object.fromEntries([operation.status].flat().map((status) => [status, success(operation, status, first)])),
      default: { description: 'An error', content: json({ $ref: '#/components/schemas/Error' }) },
    },
  };
}

const success = ({ output, summary }: Operation, status: number, first: number): JsonObject => ({
  description: status === first ? summary : 'Some of the inputs failed',
  ...(output && status !== 204 && { content: json(schemaOf(output, 'output')) }),
});

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
