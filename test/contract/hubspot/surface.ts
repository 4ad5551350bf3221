import { readFileSync } from 'node:fs';
import type { Operation, Registered } from '../../../lib/core/operation.ts';
import { routesOf } from '../../../lib/core/operation.ts';

/** One operation as HubSpot's own client calls it. */
export type SurfaceOperation = {
  readonly group: string;
  readonly method: string;
  readonly path: string;
  /** The same operation is called under this path too. */
  readonly also?: string;
  /** `list`: the client repeats the parameter. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Success codes with the model of the answer. The client takes any other code for an error, other 2xx included. */
  readonly responses: Readonly<Record<string, string | null>>;
};

/** A field's type as TypeScript says it, or the values that it may have. */
export type FieldType = string | readonly string[];
export type ObjectModel = {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, FieldType>>;
};
export type Model = ObjectModel | { readonly oneOf: readonly string[] };

const facts = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T;
type Facts = Omit<SurfaceOperation, 'group'>;

const groups = {
  ...facts<Record<string, Facts[]>>('operations.json'),
  'automation/flows': facts<Facts[]>('flows.json'),
  ...facts<Record<string, Facts[]>>('engagement.json'),
};
const models = facts<Record<string, Record<string, Model>>>('models.json');

export const surface: readonly SurfaceOperation[] = Object.entries(groups).flatMap(([group, operations]) =>
  operations.map((operation) => ({ group, ...operation })),
);

/** The model of this name; a few names mean another thing in one group. */
export const modelOf = (group: string, name: string): Model | undefined =>
  models[group]?.[name] ?? models.common?.[name];

export const statusesOf = ({ responses }: SurfaceOperation): number[] => Object.keys(responses).map(Number).sort();

/** HubSpot's client spells out the type where our route has a variable. */
const typeNames = new Set(
  (
    'contacts companies deals tickets notes calls emails tasks meetings communications postal_mail feedback_submissions ' +
    'goal_targets leads taxes products line_items quotes invoices'
  ).split(' '),
);
const isVariable = (segment: string) => segment.startsWith('{');

/** The path with its variables unnamed and its object type as one. */
export const shapeOf = ({ method, path }: Pick<SurfaceOperation, 'method' | 'path'>): string =>
  `${method} ${path
    .split('/')
    .map((segment) => (isVariable(segment) || typeNames.has(segment) ? '{}' : segment))
    .join('/')}`;

function serves(route: string, method: string, path: string): boolean {
  const [ourMethod, ourPath = ''] = route.split(' ');
  const [ours, theirs] = [ourPath.split('/'), path.split('/')];
  return (
    ourMethod === method &&
    ours.length === theirs.length &&
    ours.every((segment, position) => {
      const their = theirs[position] ?? '';
      if (!isVariable(segment)) return segment === their;
      if (segment === '{version}') return /^(v\d|\d{4}-\d{2})$/.test(their);
      return isVariable(their) || (/type/i.test(segment) && typeNames.has(their));
    })
  );
}

/** The row that answers a path of HubSpot's client. A fixed word of theirs is never an id of ours. */
export const rowFor = (
  operations: readonly Registered<Operation>[],
  method: string,
  path: string,
): Registered<Operation> | undefined =>
  operations.find((operation) => routesOf(operation).some((route) => serves(route, method, path)));
