import type { Field } from './field.ts';
import { objects } from './objects.ts';
import { objectOfPath, type RestRoute, restRoute } from './rest.ts';
import type { SObject } from './sobject.ts';

/** What the org consists of, and what is left of its limits. */
export const metadataRoutes: readonly RestRoute[] = [
  restRoute('GET', '', 'resources', (_, { version }) => ({
    status: 200,
    body: Object.fromEntries(
      ['sobjects', 'query', 'queryAll', 'limits', 'composite'].map((name) => [
        name,
        `/services/data/${version}/${name}`,
      ]),
    ),
  })),
  restRoute('GET', '/limits', 'limits', ({ calls, settings }, { now }) => {
    const Max = settings.current.dailyLimit;
    return { status: 200, body: { DailyApiRequests: { Max, Remaining: Math.max(0, Max - calls.used(now)) } } };
  }),
  restRoute('GET', '/sobjects', 'sobjects', (_, { version }) => ({
    status: 200,
    body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects: objects.map((type) => summary(type, version)) },
  })),
  restRoute('GET', '/sobjects/(\\w+)', 'sobject', (_, { version }, [name = '']) => ({
    status: 200,
    body: { objectDescribe: summary(objectOfPath(name), version), recentItems: [] },
  })),
  restRoute('GET', '/sobjects/(\\w+)/describe', 'describe', (_, { version }, [name = '']) => {
    const type = objectOfPath(name);
    return { status: 200, body: { ...summary(type, version), fields: type.fields.map(describe) } };
  }),
];

function summary({ name, prefix }: SObject, version: string) {
  const base = `/services/data/${version}/sobjects/${name}`;
  return {
    name,
    label: labelOf(name),
    keyPrefix: prefix,
    custom: false,
    createable: true,
    updateable: true,
    deletable: name !== 'User',
    queryable: true,
    retrieveable: true,
    searchable: true,
    layoutable: true,
    mergeable: ['Account', 'Contact', 'Lead'].includes(name),
    urls: { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` },
  };
}

const labelOf = (name: string) =>
  name
    .replace(/__c$/, '')
    .replace(/Id$/, ' ID')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ');

const soapTypes: Readonly<Record<string, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
};

function describe(field: Field) {
  const { name, type, length, defaultValue, picklist } = field;
  const isName = name === 'Name' || name === 'Subject';
  return {
    name,
    label: labelOf(name),
    type,
    soapType: soapTypes[type] ?? 'xsd:string',
    length,
    byteLength: length * 3,
    nillable: field.nillable,
    createable: field.createable,
    updateable: field.updateable,
    filterable: field.filterable,
    sortable: field.filterable,
    externalId: field.externalId,
    idLookup: field.externalId || name === 'Id' || type === 'email',
    unique: field.unique,
    caseSensitive: false,
    calculated: field.calculated,
    custom: name.endsWith('__c'),
    defaultedOnCreate: !field.createable || defaultValue !== undefined || name === 'OwnerId',
    defaultValue: defaultValue ?? null,
    nameField: isName,
    precision: ['double', 'currency', 'percent'].includes(type) ? 18 : 0,
    scale: type === 'currency' ? 2 : 0,
    digits: type === 'int' ? 8 : 0,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName ?? null,
    polymorphicForeignKey: field.referenceTo.length > 1,
    restrictedPicklist: false,
    picklistValues: picklist.map((value) => ({
      active: true,
      defaultValue: value === defaultValue,
      label: value,
      validFor: null,
      value,
    })),
  };
}
