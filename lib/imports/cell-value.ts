import type { PropertyDefinition } from '../objects/definition.ts';
import type { DateFormat } from './schema.ts';

type Refusal = { readonly errorType: string; readonly message: string };
export type CellValue = { readonly value: string } | { readonly problem: Refusal };

export type Reading = {
  readonly dateFormat: DateFormat;
  /** The owners' ids by their addresses, in lower case. */
  readonly owners: ReadonlyMap<string, string>;
};

/**
 * What people write into cells, as the API takes it: labels of options, yes and no in words, numbers with separators, days in the
 * import's order, an owner's address. The rules of the API judge what comes of it.
 */
export function cellValue(definition: PropertyDefinition, text: string, reading: Reading): CellValue {
  const trimmed = text.trim();
  if (definition.referencedObjectType === 'OWNER') return ownerOf(trimmed, reading);
  switch (definition.type) {
    case 'number':
      return { value: numberText(trimmed) };
    case 'date':
    case 'datetime':
      return momentOf(trimmed, definition.type, reading.dateFormat);
    case 'bool':
      return { value: booleans[fold(trimmed)] ?? trimmed };
    case 'enumeration':
      return optionsOf(definition, trimmed);
    default:
      return { value: trimmed };
  }
}

const fold = (text: string) => text.normalize('NFKC').trim().toLowerCase();

function ownerOf(text: string, { owners }: Reading): CellValue {
  if (!text.includes('@')) return { value: text };
  const id = owners.get(fold(text));
  return id === undefined
    ? { problem: { errorType: 'COULD_NOT_FIND_OWNER', message: `No owner has the address ${text}` } }
    : { value: id };
}

/** `¥1,234,567円` */
const numberText = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/^[¥$]\s*|\s*円$/g, '')
    .replace(/(?<=\d),(?=\d{3})/g, '');

const booleans: Readonly<Record<string, string>> = {
  はい: 'true',
  いいえ: 'false',
  有: 'true',
  無: 'false',
  あり: 'true',
  なし: 'false',
  '○': 'true',
  '×': 'false',
  yes: 'true',
  no: 'false',
  y: 'true',
  n: 'false',
  '1': 'true',
  '0': 'false',
};

function optionsOf({ fieldType, options, externalOptions }: PropertyDefinition, text: string): CellValue {
  if (externalOptions) return { value: text };
  const several = fieldType === 'checkbox';
  const words = several ? text.replace(/^[;\uff1b]/, '').split(/[;\uff1b]/) : [text];
  const values: string[] = [];
  for (const word of words.map((each) => each.trim()).filter(Boolean)) {
    if (options.some(({ value }) => value === word)) {
      values.push(word);
      continue;
    }
    const wanted = fold(word);
    const found = new Set(
      options.filter(({ label, value }) => fold(label) === wanted || fold(value) === wanted).map(({ value }) => value),
    );
    if (found.size > 1) {
      const message = `${word} may be any of the options [${[...found].join(', ')}]`;
      return { problem: { errorType: 'AMBIGUOUS_ENUMERATION_OPTION', message } };
    }
    values.push([...found][0] ?? word);
  }
  return { value: `${several && /^[;\uff1b]/.test(text) ? ';' : ''}${values.join(';')}` };
}

const orders: Readonly<Record<DateFormat, readonly ['y' | 'm' | 'd', 'y' | 'm' | 'd', 'y' | 'm' | 'd']>> = {
  MONTH_DAY_YEAR: ['m', 'd', 'y'],
  DAY_MONTH_YEAR: ['d', 'm', 'y'],
  YEAR_MONTH_DAY: ['y', 'm', 'd'],
};

/** A day with a time is one of Japan, unless it says its zone. A year of four digits in front is always year, month, day. */
function momentOf(text: string, type: 'date' | 'datetime', format: DateFormat): CellValue {
  const narrow = text.normalize('NFKC').replace(/年|月/g, '/').replace(/日/g, '').trim();
  const [, one = '', two = '', three = '', rest = ''] =
    /^(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})(?:[T ]+(.+))?$/.exec(narrow) ?? [];
  // Milliseconds, and whatever the API takes or refuses.
  if (one === '') return { value: narrow };
  const parts = { y: '', m: '', d: '' };
  const order = one.length === 4 ? orders.YEAR_MONTH_DAY : orders[format];
  for (const [position, part] of [one, two, three].entries()) parts[order[position] ?? 'y'] = part;
  const year = parts.y.length === 2 ? `20${parts.y}` : parts.y;
  const day = `${year.padStart(4, '0')}-${parts.m.padStart(2, '0')}-${parts.d.padStart(2, '0')}`;
  if (Number.isNaN(Date.parse(`${day}T00:00:00Z`)) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) {
    return { problem: { errorType: 'COULD_NOT_PARSE_DATE', message: `${text} is not a day (read as ${format})` } };
  }
  if (type === 'date') return { value: day };
  return timeOn(day, rest, text);
}

function timeOn(day: string, rest: string, text: string): CellValue {
  if (rest === '') return { value: `${day}T00:00:00+09:00` };
  const [, hour = '', minute = '', second = '00', zone = '+09:00'] =
    /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(rest) ?? [];
  if (hour === '' || Number(hour) > 23 || Number(minute) > 59) {
    return { problem: { errorType: 'COULD_NOT_PARSE_DATE', message: `${text} is not a time` } };
  }
  const at = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  return { value: `${day}T${hour.padStart(2, '0')}:${minute}:${second}${at}` };
}
