import { createHash } from 'node:crypto';
import type { App } from '../core/app.ts';
import { CrmError, type ErrorDetail } from '../core/errors.ts';
import type { ObjectType, PropertyDefinition } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { filterProblem, type SearchFilter } from '../objects/filter.ts';
import { isRecordId } from '../objects/not-found.ts';
import type { SearchRequest } from './schema.ts';

/** One filter of a group: on a property, or on the records of a type that a record is associated with. */
export type Condition =
  | { readonly filter: SearchFilter; readonly property: PropertyDefinition }
  | { readonly filter: SearchFilter; readonly associated: string; readonly ids: readonly string[] };
export type AssociationCondition = Extract<Condition, { associated: string }>;

export type Sort = { readonly property: PropertyDefinition; readonly descending: boolean };

/** How much one request may look at. */
export type Limits = {
  /** Candidates that are taken in hand. */
  readonly gathered: number;
  /** So few of them are read and sorted; of more, the index of the sort property is walked. */
  readonly sorted: number;
  /** Index rows of a single filter that are counted. */
  readonly counted: number;
  /** Records and index rows that are looked at for a page, besides. */
  readonly records: number;
  readonly rows: number;
};
const usualLimits: Limits = { gathered: 10_000, sorted: 1000, counted: 50_000, records: 2000, rows: 20_000 };

/** A request that was checked. Without a sort the order is that of the ids, which rise with time: oldest first. */
export type Search = {
  readonly type: ObjectType;
  /** A record is found when all conditions of one group hold, or there is no group. */
  readonly groups: readonly (readonly Condition[])[];
  /** Undefined when nothing is asked for. */
  readonly query?: string;
  readonly sort?: Sort;
  readonly limits: Limits;
  /** Says in a cursor which search it belongs to. */
  readonly hash: string;
};

const associations = 'associations.';

/** The request against the type's definitions. @throws CrmError 400 that names every filter or sort that cannot be evaluated */
export async function compileSearch(
  app: App,
  type: ObjectType,
  request: SearchRequest,
  limits = usualLimits,
): Promise<Search> {
  const given = [...(request.filterGroups ?? []).map(({ filters }) => filters), request.filters ?? []];
  const problems: ErrorDetail[] = [];
  const groups: Condition[][] = [];
  for (const filters of given.filter(({ length }) => length > 0)) {
    const conditions: Condition[] = [];
    for (const filter of filters) {
      const compiled = filter.propertyName.startsWith(associations)
        ? await associationCondition(app, filter)
        : propertyCondition(type, filter);
      if ('message' in compiled) problems.push(compiled);
      else conditions.push(compiled);
    }
    groups.push(conditions);
  }
  const asked = sortOf(type, request.sorts?.[0]);
  // By their ids upwards is the order of a search without a sort.
  const sort = asked && 'property' in asked && isRecordId(asked.property.name) && !asked.descending ? undefined : asked;
  if (sort && 'message' in sort) problems.push(sort);
  if (problems.length > 0) throw refusal(problems);
  const query = request.query?.trim() ? request.query : undefined;
  return {
    type,
    groups,
    limits,
    ...(query !== undefined && { query }),
    ...(sort && !('message' in sort) && { sort }),
    hash: hashOf([type.objectTypeId, given, query ?? '', sort]),
  };
}

const hashOf = (parts: unknown) => createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);

const detail = (propertyName: string, message: string, code: string): ErrorDetail => ({
  message,
  code,
  context: { propertyName: [propertyName] },
});

function propertyCondition(type: ObjectType, filter: SearchFilter): Condition | ErrorDetail {
  const property = type.properties.get(filter.propertyName);
  const problem = filterProblem(filter, property);
  if (!property) return detail(filter.propertyName, problem ?? '', 'PROPERTY_DOESNT_EXIST');
  return problem === undefined ? { filter, property } : detail(filter.propertyName, problem, 'INVALID_FILTER');
}

async function associationCondition(app: App, filter: SearchFilter): Promise<Condition | ErrorDetail> {
  const { propertyName, operator, value, values } = filter;
  const bad = (message: string) => detail(propertyName, message, 'INVALID_FILTER');
  const { objectTypeId: associated } = await loadObjectType(app, propertyName.slice(associations.length));
  switch (operator) {
    case 'HAS_PROPERTY':
    case 'NOT_HAS_PROPERTY':
      return { filter, associated, ids: [] };
    case 'EQ':
    case 'NEQ':
      return value === undefined || value === ''
        ? bad(`${operator} on ${propertyName} needs value, a record id`)
        : { filter, associated, ids: [String(value)] };
    case 'IN':
    case 'NOT_IN':
      return values === undefined
        ? bad(`${operator} on ${propertyName} needs values, record ids`)
        : { filter, associated, ids: [...new Set(values.map(String))] };
    default:
      return bad(`${operator} cannot be used on ${propertyName}: EQ, NEQ, IN, NOT_IN, HAS_PROPERTY, NOT_HAS_PROPERTY`);
  }
}

/** `name`, `-name` or an object; only the first sort counts, as at HubSpot. */
function sortOf(
  type: ObjectType,
  given: NonNullable<SearchRequest['sorts']>[number] | undefined,
): Sort | ErrorDetail | undefined {
  if (given === undefined) return undefined;
  const minus = typeof given === 'string' && given.startsWith('-');
  const name = typeof given === 'string' ? given.slice(minus ? 1 : 0) : given.propertyName;
  const property = type.properties.get(name);
  if (!property) return detail(name, `There is no property ${name} to sort by`, 'PROPERTY_DOESNT_EXIST');
  return { property, descending: typeof given === 'string' ? minus : given.direction === 'DESCENDING' };
}

const refusal = (errors: readonly ErrorDetail[]) =>
  new CrmError('VALIDATION_ERROR', `There was a problem with the request. ${errors[0]?.message ?? ''}`.trim(), {
    errors,
    context: { propertyName: [...new Set(errors.flatMap(({ context }) => context?.propertyName ?? []))] },
  });
