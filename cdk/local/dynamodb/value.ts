import { canonicalNumber, compareNumbers, numberSize } from './decimal.ts';
import { invalidParameter, serialization, validation } from './errors.ts';

/** An attribute value as it travels; numbers and sets inside the engine are always canonical. */
export type AttributeValue =
  | { S: string }
  | { N: string }
  | { B: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { M: Item }
  | { L: AttributeValue[] }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: string[] };
export type Item = { [name: string]: AttributeValue };
export type ValueType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'M' | 'L' | 'SS' | 'NS' | 'BS';

export const valueTypes: readonly ValueType[] = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M'];
const known: ReadonlySet<string> = new Set(valueTypes);
const MAX_DEPTH = 32;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function typeOf(value: AttributeValue): ValueType {
  for (const name in value) return name as ValueType;
  throw new TypeError('an attribute value has exactly one type');
}

/** An empty item. Without a prototype, so that an attribute may have any name. */
export function newItem(): Item {
  return Object.create(null) as Item;
}

/** The attribute of that name; never something that an object inherits. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** UTF-8 byte order, which differs from JavaScript's order of code units where surrogates are concerned. */
export function compareStrings(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

export function compareBinary(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left, 'base64'), Buffer.from(right, 'base64'));
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw serialization(`${value === null ? 'NULL' : (typeof value).toUpperCase()}_VALUE cannot be converted to String`);
}

function readBinary(value: unknown): string {
  const encoded = text(value);
  if (!BASE64.test(encoded)) throw serialization('Unable to decode a Base64 value');
  return encoded;
}

function readList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw serialization('Expected a list of attribute values');
}

function readSet(
  value: unknown,
  read: (element: unknown) => string,
  compare: (a: string, b: string) => number,
): string[] {
  return readList(value).map(read).sort(compare);
}

function hasDuplicates(sorted: readonly string[]): boolean {
  return sorted.some((element, index) => index > 0 && element === sorted[index - 1]);
}

function readMap(value: unknown, depth: number): Item {
  if (!isRecord(value)) throw serialization('Expected a map of attribute values');
  const item = newItem();
  for (const name of Object.keys(value)) item[name] = readValue(value[name], depth);
  return item;
}

function readStringSet(value: unknown): AttributeValue {
  const set = readSet(value, text, compareStrings);
  if (set.length === 0) throw invalidParameter('An string set  may not be empty');
  if (hasDuplicates(set)) {
    throw invalidParameter(`Input collection [${readList(value).join(', ')}] contains duplicates.`);
  }
  return { SS: set };
}

function readNumberSet(value: unknown): AttributeValue {
  const set = readSet(value, (element) => canonicalNumber(text(element)), compareNumbers);
  if (set.length === 0) throw invalidParameter('An number set  may not be empty');
  if (hasDuplicates(set)) throw validation('Input collection contains duplicates');
  return { NS: set };
}

function readBinarySet(value: unknown): AttributeValue {
  const set = readSet(value, readBinary, compareBinary);
  if (set.length === 0) throw invalidParameter('Binary sets should not be empty');
  if (hasDuplicates(set)) throw invalidParameter('Input collection of type BS contains duplicates.');
  return { BS: set };
}

function readBoolean(value: unknown): AttributeValue {
  if (typeof value !== 'boolean') throw serialization('Expected a boolean attribute value');
  return { BOOL: value };
}

function readNull(value: unknown): AttributeValue {
  if (value !== true) throw invalidParameter('Null attribute value types must have the value of true');
  return { NULL: true };
}

const readers: Readonly<Record<ValueType, (value: unknown, depth: number) => AttributeValue>> = {
  S: (value) => ({ S: text(value) }),
  N: (value) => ({ N: canonicalNumber(text(value)) }),
  B: (value) => ({ B: readBinary(value) }),
  BOOL: readBoolean,
  NULL: readNull,
  M: (value, depth) => ({ M: readMap(value, depth + 1) }),
  L: (value, depth) => ({ L: readList(value).map((element) => readValue(element, depth + 1)) }),
  SS: readStringSet,
  NS: readNumberSet,
  BS: readBinarySet,
};

/** Checks one value as DynamoDB does and makes it canonical. */
export function readValue(raw: unknown, depth = 1): AttributeValue {
  if (depth > MAX_DEPTH) throw nestedTooDeep();
  if (!isRecord(raw)) throw serialization('Expected an attribute value');
  let type: ValueType | undefined;
  for (const name in raw) {
    if (!known.has(name) || raw[name] === null) continue;
    if (type !== undefined) {
      throw validation(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      );
    }
    type = name as ValueType;
  }
  if (type === undefined) {
    throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  return readers[type](raw[type], depth);
}

export function readItem(raw: unknown): Item {
  return readMap(raw, 1);
}

function nestedTooDeep(): Error {
  return validation(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  );
}

/** An update can nest a value deeper than any request could. */
export function checkDepth(value: AttributeValue, depth = 1): void {
  if (depth > MAX_DEPTH) throw nestedTooDeep();
  if ('L' in value) for (const element of value.L) checkDepth(element, depth + 1);
  if ('M' in value) for (const name of Object.keys(value.M)) checkDepth(value.M[name] as AttributeValue, depth + 1);
}

/** Equality of canonical values; order matters in lists only. */
export function equalValues(left: AttributeValue, right: AttributeValue): boolean {
  if ('S' in left) return 'S' in right && left.S === right.S;
  if ('N' in left) return 'N' in right && left.N === right.N;
  if ('M' in left) return 'M' in right && equalItems(left.M, right.M);
  if ('L' in left) {
    return (
      'L' in right &&
      left.L.length === right.L.length &&
      left.L.every((element, index) => equalValues(element, right.L[index] as AttributeValue))
    );
  }
  if ('BOOL' in left) return 'BOOL' in right && left.BOOL === right.BOOL;
  if ('NULL' in left) return 'NULL' in right;
  if ('B' in left) return 'B' in right && left.B === right.B;
  if ('SS' in left) return 'SS' in right && sameElements(left.SS, right.SS);
  if ('NS' in left) return 'NS' in right && sameElements(left.NS, right.NS);
  return 'BS' in right && sameElements(left.BS, right.BS);
}

function sameElements(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((element, index) => element === right[index]);
}

export function equalItems(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => {
    const other = attributeOf(right, name);
    return other !== undefined && equalValues(left[name] as AttributeValue, other);
  });
}

/** Order of two values; undefined unless both are strings, both numbers or both binary. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if ('S' in left && 'S' in right) return compareStrings(left.S, right.S);
  if ('N' in left && 'N' in right) return compareNumbers(left.N, right.N);
  if ('B' in left && 'B' in right) return compareBinary(left.B, right.B);
  return undefined;
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}

const bytesOf = (base64: string): number => Buffer.byteLength(base64, 'base64');

/** Bytes of a value by DynamoDB's rules, which limits and capacity units are counted in. */
function valueSize(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('M' in value) return 3 + Object.keys(value.M).length + itemSize(value.M);
  if ('L' in value) return 3 + value.L.length + total(value.L.map(valueSize));
  if ('B' in value) return bytesOf(value.B);
  if ('SS' in value) return total(value.SS.map((element) => Buffer.byteLength(element)));
  if ('NS' in value) return total(value.NS.map(numberSize));
  if ('BS' in value) return total(value.BS.map(bytesOf));
  return 1;
}

export function itemSize(item: Item): number {
  let size = 0;
  for (const name of Object.keys(item)) size += Buffer.byteLength(name) + valueSize(item[name] as AttributeValue);
  return size;
}
