import type { AssociationSpec } from '../associations/schema.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { ObjectType, PropertyDefinition } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import type { ColumnMapping, ImportFile, ImportRequest } from './schema.ts';

type Operation = 'CREATE' | 'UPDATE' | 'UPSERT';

type PropertyColumn = { readonly column: string; readonly definition: PropertyDefinition };

/** What the columns of a file say about the records of one type. */
export type TypePlan = {
  readonly type: ObjectType;
  readonly operation: Operation;
  readonly properties: readonly PropertyColumn[];
  /** The column by which a record is found, and the property; `hs_object_id` for the record's id. */
  readonly key?: { readonly column: string; readonly property: string };
  /** By its value in this column rows of other files name the record. */
  readonly identifier?: string;
};

type LabelColumn = { readonly column: string; readonly from: string; readonly to: string };
type ForeignColumn = {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  readonly types: readonly AssociationSpec[] | 'default';
};

export type FilePlan = {
  readonly types: readonly TypePlan[];
  readonly labels: readonly LabelColumn[];
  readonly foreign: readonly ForeignColumn[];
};

/** The types whose records an import of the file writes or associates. */
export const typeIdsOf = ({ types, labels, foreign }: FilePlan): string[] => [
  ...types.map(({ type }) => type.objectTypeId),
  ...[...labels, ...foreign].flatMap(({ from, to }) => [from, to]),
];

/** A plan for each file. @throws CrmError 400 naming every column that cannot be mapped as asked */
export async function planFiles(app: App, request: ImportRequest, { fresh = false } = {}): Promise<FilePlan[]> {
  const plans: FilePlan[] = [];
  for (const [position, file] of request.files.entries())
    plans.push(await planFile(app, request, file, position, fresh));
  return plans;
}

const idProperty = 'hs_object_id';
/** `idColumnType` is HubSpot's older name. */
export const columnTypeOf = ({ columnType, idColumnType }: ColumnMapping) => columnType ?? idColumnType ?? 'STANDARD';

async function planFile(
  app: App,
  request: ImportRequest,
  file: ImportFile,
  position: number,
  fresh: boolean,
): Promise<FilePlan> {
  const where = `files[${position}].fileImportPage.columnMappings`;
  const mappings = file.fileImportPage.columnMappings.filter(isMapped);
  refuseRepeated(
    mappings.map(({ columnName }) => columnName),
    where,
  );
  const [only] = namedIn(mappings);
  const problems: Problem[] = [];
  const types = new Map<string, ObjectType>();
  for (const segment of new Set(
    mappings.flatMap((each) => [each.columnObjectTypeId ?? only, each.toColumnObjectTypeId ?? []].flat()),
  )) {
    if (segment !== undefined) types.set(segment, await loadObjectType(app, segment, { fresh }));
  }
  const typeOf = (segment: string | null | undefined) => types.get(segment ?? only ?? '');
  const known = mappings.flatMap((mapping) => {
    const type = typeOf(mapping.columnObjectTypeId);
    if (!type) problems.push({ column: mapping.columnName, message: 'columnObjectTypeId is required' });
    return type ? [{ mapping, type }] : [];
  });
  const records = known.filter(({ mapping }) => isOfRecord(mapping));
  const plans = [...new Set(records.map(({ type }) => type))].map((type) =>
    planType(
      type,
      operationOf(request, types, type),
      records.filter((each) => each.type === type).map(({ mapping }) => mapping),
      problems,
    ),
  );
  const others = known.filter(({ mapping }) => !isOfRecord(mapping));
  const pairs = others.flatMap(({ mapping, type }) =>
    pairOf(mapping, type, typeOf(mapping.toColumnObjectTypeId), problems),
  );
  if (plans.length === 0) problems.push({ column: '', message: 'No column is mapped to a property or a key' });
  if (problems.length > 0) throw invalidColumns(problems, where);
  return {
    types: plans,
    labels: pairs.filter(({ kind }) => kind === 'FLEXIBLE_ASSOCIATION_LABEL'),
    foreign: pairs.filter(({ kind }) => kind === 'ASSOCIATION_KEYS'),
  };
}

/** A column without a property and without a type of its own is left out of the import. */
export const isMapped = (mapping: ColumnMapping) =>
  columnTypeOf(mapping) !== 'STANDARD' || Boolean(mapping.propertyName);

const isOfRecord = (mapping: ColumnMapping) =>
  ['STANDARD', 'HUBSPOT_OBJECT_ID', 'HUBSPOT_ALTERNATE_ID', 'EVENT_TIMESTAMP'].includes(columnTypeOf(mapping));

/** With one object type in a file its columns need not name it each. */
const namedIn = (mappings: readonly ColumnMapping[]) => [
  ...new Set(mappings.flatMap(({ columnObjectTypeId }) => columnObjectTypeId ?? [])),
];

function operationOf(
  { importOperations }: ImportRequest,
  types: ReadonlyMap<string, ObjectType>,
  type: ObjectType,
): Operation {
  const segment = Object.keys(importOperations).find((name) => name === type.objectTypeId || types.get(name) === type);
  return (segment === undefined ? undefined : importOperations[segment]) ?? 'UPSERT';
}

type Problem = { readonly column: string; readonly message: string };

function planType(
  type: ObjectType,
  operation: Operation,
  mappings: readonly ColumnMapping[],
  problems: Problem[],
): TypePlan {
  const properties: PropertyColumn[] = [];
  let key: TypePlan['key'];
  for (const mapping of mappings) {
    const { columnName: column, propertyName } = mapping;
    const kind = columnTypeOf(mapping);
    if (kind === 'EVENT_TIMESTAMP') problems.push({ column, message: 'Events are not imported' });
    if (kind === 'HUBSPOT_OBJECT_ID') {
      key = { column, property: idProperty };
      continue;
    }
    const definition = type.properties.get(propertyName ?? '');
    const message = definition
      ? refusalOf(definition, kind)
      : `Property "${propertyName}" does not exist of ${type.name}`;
    if (!definition || message) {
      problems.push({ column, message: message ?? '' });
      continue;
    }
    if (kind === 'HUBSPOT_ALTERNATE_ID') key ??= { column, property: definition.name };
    properties.push({ column, definition });
  }
  // HubSpot knows contacts by their addresses without being told.
  const address =
    type.objectTypeId === '0-1' ? properties.find(({ definition }) => definition.name === 'email') : undefined;
  if (address && operation !== 'CREATE') key ??= { column: address.column, property: 'email' };
  if (operation === 'UPDATE' && !key)
    problems.push({
      column: '',
      message: `An UPDATE of ${type.name} needs a column of type HUBSPOT_OBJECT_ID or HUBSPOT_ALTERNATE_ID`,
    });
  const identifier = mappings.find(({ associationIdentifierColumn }) => associationIdentifierColumn)?.columnName;
  return { type, operation, properties, ...(key && { key }), ...(identifier !== undefined && { identifier }) };
}

function refusalOf(
  { name, hasUniqueValue, modificationMetadata }: PropertyDefinition,
  kind: string,
): string | undefined {
  if (kind === 'HUBSPOT_ALTERNATE_ID' && !hasUniqueValue)
    return `Property "${name}" is no key: its values are not unique`;
  if (modificationMetadata.readOnlyValue) return `Property "${name}" is read only: its value cannot be set`;
  return undefined;
}

type PairColumn = ForeignColumn & { readonly kind: string };

function pairOf(
  mapping: ColumnMapping,
  from: ObjectType,
  to: ObjectType | undefined,
  problems: Problem[],
): PairColumn[] {
  const { columnName: column, foreignKeyType } = mapping;
  if (!to) {
    problems.push({ column, message: 'toColumnObjectTypeId is required' });
    return [];
  }
  const types = foreignKeyType
    ? [{ associationCategory: foreignKeyType.associationCategory, associationTypeId: foreignKeyType.associationTypeId }]
    : ('default' as const);
  return [{ kind: columnTypeOf(mapping), column, from: from.objectTypeId, to: to.objectTypeId, types }];
}

function refuseRepeated(names: readonly string[], where: string): void {
  const twice = names.filter((name, position) => names.indexOf(name) !== position);
  if (twice.length > 0)
    throw invalidColumns(
      twice.map((column) => ({ column, message: 'The column is mapped twice' })),
      where,
    );
}

const invalidColumns = (problems: readonly Problem[], where: string) =>
  new CrmError(
    'VALIDATION_ERROR',
    `Columns cannot be mapped: ${problems.map(({ column, message }) => (column ? `${column}: ${message}` : message)).join('; ')}`,
    {
      subCategory: 'crm.imports.INVALID_COLUMN_CONFIGURATION',
      errors: problems.map(({ column, message }) => ({
        message,
        code: 'INVALID_COLUMN_CONFIGURATION',
        in: where,
        context: { columnName: [column] },
      })),
    },
  );
