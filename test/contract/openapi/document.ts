type Schema = Record<string, unknown>;
type Content = Record<string, { schema?: Schema }>;
type Parameter = { name: string; in: string; required: boolean; schema: Schema };
export type OperationObject = {
  operationId: string;
  summary: string;
  tags: string[];
  security?: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};
export type Document = {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  components: { securitySchemes: Record<string, unknown>; schemas: Record<string, Schema> };
  paths: Record<string, Record<string, OperationObject>>;
};

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);
const variablesOf = (path: string) => [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
const repeated = (values: readonly string[]) => values.filter((value, position) => values.indexOf(value) !== position);

/** What in the document is against the OpenAPI 3.1 specification; empty when it is valid. */
export function problemsOf(document: Document): string[] {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  const shapes = Object.keys(document.paths).map((path) => path.replace(/\{[^}]+\}/g, '{}'));
  return [
    ...(/^3\.1\.\d+$/.test(document.openapi) ? [] : [`openapi is ${document.openapi}`]),
    ...(document.info.title && document.info.version ? [] : ['info lacks a title or a version']),
    ...repeated(shapes).map((shape) => `two paths are ${shape}`),
    ...repeated(operations.map(({ operation }) => operation.operationId)).map((id) => `two operations are ${id}`),
    ...Object.keys(document.components.schemas)
      .filter((name) => !/^[\w.-]+$/.test(name))
      .map((name) => `a component may not be named ${name}`),
    ...operations.flatMap(({ path, method, operation }) =>
      operationProblems(path, method, operation, document).map((problem) => `${method} ${path}: ${problem}`),
    ),
    ...referencesIn(document)
      .filter((reference) => resolve(document, reference) === undefined)
      .map((reference) => `${reference} refers to nothing`),
    ...Object.entries(document.components.schemas).flatMap(([name, schema]) => schemaProblems(schema, name)),
  ];
}

function operationProblems(path: string, method: string, operation: OperationObject, document: Document): string[] {
  const { operationId, parameters, requestBody, responses, security = [] } = operation;
  const declared = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  const contents = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)];
  return [
    ...(path.startsWith('/') ? [] : ['a path begins with a slash']),
    ...(methods.has(method) ? [] : ['no such method']),
    ...(operationId ? [] : ['it has no id']),
    ...(String([...variablesOf(path)].sort()) === String([...declared].sort())
      ? []
      : [`declares the path variables ${declared}`]),
    ...repeated(parameters.map(({ name, in: where }) => `${where} ${name}`)).map((name) => `${name} is declared twice`),
    ...parameters
      .filter(({ in: where, required }) => where === 'path' && !required)
      .map(({ name }) => `${name} is not required`),
    ...parameters
      .filter(({ in: where }) => !['path', 'query', 'header', 'cookie'].includes(where))
      .map(({ name }) => `${name} is nowhere`),
    ...parameters.flatMap(({ name, schema }) => schemaProblems(schema, name)),
    ...(requestBody && Object.keys(requestBody.content).length === 0 ? ['the body has no type'] : []),
    ...(Object.keys(responses).length > 0 ? [] : ['there is no answer']),
    ...Object.keys(responses)
      .filter((code) => !/^([1-5]\d\d|default)$/.test(code))
      .map((code) => `${code} is no status`),
    ...Object.entries(responses)
      .filter(([, { description }]) => !description)
      .map(([code]) => `${code} has no description`),
    ...security.flatMap(Object.keys).filter((scheme) => !document.components.securitySchemes[scheme]),
    ...contents.flatMap((content = {}) =>
      Object.entries(content).flatMap(([type, { schema }]) => (schema ? schemaProblems(schema, type) : [])),
    ),
  ];
}

const types = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What in a schema is against JSON Schema 2020-12, as far as its structure goes. */
function schemaProblems(schema: unknown, where: string): string[] {
  if (typeof schema === 'boolean') return [];
  if (!isObject(schema)) return [`${where} is no schema`];
  const { type, required, properties, items, additionalProperties, enum: values } = schema;
  const lists = ['anyOf', 'oneOf', 'allOf', 'prefixItems'].filter((word) => schema[word] !== undefined);
  return [
    ...[type ?? []]
      .flat()
      .filter((name) => !types.has(String(name)))
      .map((name) => `${where}: no type ${name}`),
    ...(required === undefined || isSetOfNames(required) ? [] : [`${where}: required is no set of names`]),
    ...(values === undefined || (Array.isArray(values) && values.length > 0) ? [] : [`${where}: enum is empty`]),
    ...(properties === undefined || isObject(properties) ? [] : [`${where}: properties is no object`]),
    ...Object.entries(isObject(properties) ? properties : {}).flatMap(([name, each]) =>
      schemaProblems(each, `${where}.${name}`),
    ),
    ...(items === undefined ? [] : schemaProblems(items, `${where}[]`)),
    ...(additionalProperties === undefined ? [] : schemaProblems(additionalProperties, `${where}.*`)),
    ...lists
      .filter((word) => !Array.isArray(schema[word]) || schema[word].length === 0)
      .map((word) => `${where}: ${word} is empty`),
    ...lists.flatMap((word) => [schema[word]].flat().flatMap((each) => schemaProblems(each, where))),
    ...('$defs' in schema ? [`${where}: definitions of a schema are not reached from within a document`] : []),
  ];
}

const isSetOfNames = (value: unknown) =>
  Array.isArray(value) && value.every((name) => typeof name === 'string') && new Set(value).size === value.length;

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => (key === '$ref' ? [String(each)] : referencesIn(each)));
}

/** What a JSON pointer within the document leads to. */
function resolve(document: Document, reference: string): unknown {
  const [start, ...steps] = reference
    .split('/')
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  if (start !== '#') return undefined;
  return steps.reduce<unknown>((value, step) => (isObject(value) ? value[step] : undefined), document);
}
