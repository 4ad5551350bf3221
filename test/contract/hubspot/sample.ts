import { type FieldType, modelOf, type ObjectModel } from './surface.ts';

type Choice = {
  readonly group: string;
  /** Only what the model requires, or every field that it has. */
  readonly fields: 'required' | 'all';
  /** Which member of each union and each enumeration. */
  readonly member: number;
  /** `Model.field=value` of enumerations that are left out. */
  readonly without?: ReadonlyMap<string, string>;
};

/** Values where a plain word would not do. */
const values: Readonly<Record<string, unknown>> = {
  'FormPostSubmitAction.value': 'https://example.co.jp/thanks',
  'HubSpotFormConfiguration.notifyRecipients': ['1'],
  'UserProvisionRequest.email': 'hanako@example.co.jp',
  'PropertyCreate.name': 'advertiser_id',
  'PropertyGroupCreate.name': 'advertising',
  'ObjectTypePropertyCreate.name': 'hotel_name',
  'ObjectSchemaEgg.name': 'hotel',
  'ListCreateRequest.objectTypeId': '0-1',
  'ListCreateRequest.processingType': 'MANUAL',
  'EmailFieldValidation.blockedEmailDomains': ['example.com'],
  'PublicExportListRequest.listId': '1',
  'PublicCrmSearchRequest.query': '',
  'PublicCrmSearchRequest.sorts': [],
  'PublicExportListRequest.exportInternalValuesOptions': ['NAMES', 'VALUES'],
  'PublicExportViewRequest.exportInternalValuesOptions': ['NAMES', 'VALUES'],
};

const listItem = /^Array<(.+)>$/;
const mapValue = /^\{ \[key: string\]: (.+); \}$/;

/** The member of a union, or the model itself. */
function objectModelOf(
  name: string,
  { group, member }: Pick<Choice, 'group' | 'member'>,
): [string, ObjectModel] | undefined {
  const model = modelOf(group, name);
  if (!model) return undefined;
  if ('properties' in model) return [name, model];
  const chosen = model.oneOf[member % model.oneOf.length] ?? '';
  return objectModelOf(chosen, { group, member });
}

/** A value of a model as HubSpot's client would send it. A model within itself ends with an empty list. */
export function sampleOf(type: string, choice: Choice, within: readonly string[] = []): unknown {
  const [, item] = listItem.exec(type) ?? [];
  if (item) return within.includes(item) ? [] : [sampleOf(item, choice, within)];
  const [, entry] = mapValue.exec(type) ?? [];
  if (entry) return { example: sampleOf(entry, choice, within) };
  if (/^string\b/.test(type) || type === 'any') return 'example';
  if (type === 'number') return 1;
  if (type === 'boolean') return false;
  if (type === 'Date') return '2026-11-22T00:00:00.000Z';
  const found = objectModelOf(type, choice);
  if (!found) throw new Error(`no model ${type} in ${choice.group}`);
  const [name, model] = found;
  const names = choice.fields === 'all' ? Object.keys(model.properties) : model.required;
  return Object.fromEntries(
    names.map((field) => [
      field,
      values[`${name}.${field}`] ??
        fieldOf(`${name}.${field}`, model.properties[field] ?? 'string', choice, [...within, type]),
    ]),
  );
}

function fieldOf(name: string, type: FieldType, choice: Choice, within: readonly string[]): unknown {
  if (typeof type === 'string') return sampleOf(type, choice, within);
  const allowed = type.filter((value) => !choice.without?.has(`${name}=${value}`));
  return allowed[choice.member % allowed.length];
}

/** How many samples show each member of every union of a model at least once. */
export function memberCount(type: string, group: string, within: readonly string[] = []): number {
  const name = listItem.exec(type)?.[1] ?? mapValue.exec(type)?.[1] ?? type;
  const model = modelOf(group, name);
  if (!model || within.includes(name)) return 1;
  if ('oneOf' in model)
    return Math.max(model.oneOf.length, ...model.oneOf.map((each) => memberCount(each, group, [...within, name])));
  const types = Object.values(model.properties);
  return Math.max(
    1,
    ...types.map((each) => (typeof each === 'string' ? memberCount(each, group, [...within, name]) : each.length)),
  );
}

export type RequiredField = { readonly name: string; readonly path: readonly (string | number)[] };

/** Every required field of a sample, as `Model.field` and where it lies. */
export function requiredFields(
  type: FieldType,
  value: unknown,
  choice: Choice,
  path: RequiredField['path'] = [],
): RequiredField[] {
  if (typeof type !== 'string' || typeof value !== 'object' || value === null) return [];
  const [, item] = listItem.exec(type) ?? [];
  if (item) return (value as unknown[]).flatMap((each, n) => requiredFields(item, each, choice, [...path, n]));
  const found = objectModelOf(type, choice);
  if (!found) return [];
  const [name, model] = found;
  return [
    ...model.required.map((field) => ({ name: `${name}.${field}`, path: [...path, field] })),
    ...Object.entries(value).flatMap(([field, each]) =>
      requiredFields(model.properties[field] ?? 'string', each, choice, [...path, field]),
    ),
  ];
}

/** The value without the field at the end of the path. */
export function without(value: unknown, path: RequiredField['path']): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(value)) return value.map((each, n) => (n === first ? without(each, rest) : each));
  const { [first]: inner, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...(value as object), [first]: without(inner, rest) };
}
