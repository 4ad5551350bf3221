import { sortableNumber } from './decimal.ts';
import { invalidParameter, validation } from './errors.ts';
import { type AttributeValue, attributeOf, type Item, newItem, typeOf } from './value.ts';

export type KeyAttribute = { readonly name: string; readonly type: 'S' | 'N' | 'B' };
export type KeySchema = { readonly hash: KeyAttribute; readonly range?: KeyAttribute };
/** Key values as texts whose UTF-8 byte order is DynamoDB's order. `sk` is empty without a sort key. */
export type EncodedKey = { readonly pk: string; readonly sk: string };

const MAX_HASH_BYTES = 2048;
const MAX_RANGE_BYTES = 1024;
const LAST_CODE_POINT = 0x10ffff;

export function keyAttributes({ hash, range }: KeySchema): readonly KeyAttribute[] {
  return range ? [hash, range] : [hash];
}

/** Strings stay as they are, numbers and binary become ASCII texts of the same order. */
export function encodeKeyValue(value: AttributeValue): string {
  if ('S' in value) return value.S;
  if ('N' in value) return sortableNumber(value.N);
  if ('B' in value) return Buffer.from(value.B, 'base64').toString('hex');
  throw invalidParameter('Type mismatch for key');
}

/** The smallest encoded text above every key that begins with `prefix`; undefined when there is none. */
export function endOfPrefix(prefix: AttributeValue): string | undefined {
  if ('B' in prefix) return `${encodeKeyValue(prefix)}g`;
  const points = Array.from(encodeKeyValue(prefix), (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST_CODE_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // The code points of surrogates are no characters.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}

function byteLength(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  return 'B' in value ? Buffer.byteLength(value.B, 'base64') : 0;
}

function isEmpty(value: AttributeValue): boolean {
  return ('S' in value && value.S === '') || ('B' in value && value.B === '');
}

/** Refuses the empty key value and the one that is too long. */
export function checkKeyValue({ name }: KeyAttribute, value: AttributeValue, isRange: boolean): void {
  if (isEmpty(value)) {
    const kind = 'S' in value ? 'string' : 'binary';
    throw validation(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`,
    );
  }
  const bytes = byteLength(value);
  if (isRange && bytes > MAX_RANGE_BYTES) {
    throw invalidParameter('Aggregated size of all range keys has exceeded the size limit of 1024 bytes');
  }
  if (bytes > MAX_HASH_BYTES)
    throw invalidParameter('Size of hashkey has exceeded the maximum size limit of2048 bytes');
}

function encode(schema: KeySchema, item: Item): EncodedKey {
  const values = keyAttributes(schema).map((attribute) => attributeOf(item, attribute.name) as AttributeValue);
  for (const [index, attribute] of keyAttributes(schema).entries()) {
    checkKeyValue(attribute, values[index] as AttributeValue, index === 1);
  }
  return { pk: encodeKeyValue(values[0] as AttributeValue), sk: values[1] ? encodeKeyValue(values[1]) : '' };
}

/** The key of an item that is to be stored. */
export function keyOfItem(schema: KeySchema, item: Item): EncodedKey {
  for (const { name, type } of keyAttributes(schema)) {
    const value = attributeOf(item, name);
    if (!value) throw invalidParameter(`Missing the key ${name} in the item`);
    if (typeOf(value) !== type) {
      throw invalidParameter(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    }
  }
  return encode(schema, item);
}

/** The key of a request's `Key` parameter, which holds the key attributes and nothing else. */
export function keyOfParameter(schema: KeySchema, key: Item): EncodedKey {
  const attributes = keyAttributes(schema);
  const fits = attributes.every(({ name, type }) => {
    const value = attributeOf(key, name);
    return value !== undefined && typeOf(value) === type;
  });
  if (!fits || Object.keys(key).length !== attributes.length) {
    throw validation('The provided key element does not match the schema');
  }
  return encode(schema, key);
}

/** The key attributes of an item, as stream records and `LastEvaluatedKey` show them. */
export function keyPart(item: Item, ...schemas: readonly KeySchema[]): Item {
  const part = newItem();
  for (const { name } of schemas.flatMap(keyAttributes)) {
    const value = attributeOf(item, name);
    if (value) part[name] = value;
  }
  return part;
}

/** An item's place in an index, or undefined when it lacks one of the index's keys: then the index does not hold it. */
export function keyInIndex(
  indexName: string,
  schema: KeySchema,
  item: Item,
  isUpdate: boolean,
): EncodedKey | undefined {
  let complete = true;
  for (const [position, attribute] of keyAttributes(schema).entries()) {
    const value = attributeOf(item, attribute.name);
    if (value) checkIndexValue(indexName, attribute, value, position === 1, isUpdate);
    else complete = false;
  }
  if (!complete) return undefined;
  const hash = attributeOf(item, schema.hash.name) as AttributeValue;
  const range = schema.range && attributeOf(item, schema.range.name);
  return { pk: encodeKeyValue(hash), sk: range ? encodeKeyValue(range) : '' };
}

function checkIndexValue(
  indexName: string,
  { name, type }: KeyAttribute,
  value: AttributeValue,
  isRange: boolean,
  isUpdate: boolean,
): void {
  if (isEmpty(value)) {
    const rule = `The AttributeValue for a key attribute cannot contain an empty ${'S' in value ? 'string' : 'binary'} value.`;
    throw validation(
      isUpdate
        ? `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. ${rule}`
        : `One or more parameter values are not valid. A value specified for a secondary index key is not supported. ${rule} IndexName: ${indexName}, IndexKey: ${name}`,
    );
  }
  if (typeOf(value) !== type) {
    throw invalidParameter(
      `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${indexName}`,
    );
  }
  if (byteLength(value) > (isRange ? MAX_RANGE_BYTES : MAX_HASH_BYTES)) {
    throw invalidParameter(
      isRange
        ? 'Aggregated size of all range keys has exceeded the size limit of 1024 bytes'
        : 'Size of hashkey has exceeded the maximum size limit of2048 bytes',
    );
  }
}
