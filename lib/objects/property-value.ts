import { readNumber } from './decimal.ts';
import type { PropertyDefinition } from './definition.ts';
import { isEmail, normaliseEmail } from './email-address.ts';
import { readJapaneseDay, readJapaneseTime } from './japanese-date.ts';
import { readJapaneseNumber } from './japanese-number.ts';
import { readDatetime, readDay } from './moment.ts';
import type { Problem } from './value-problem.ts';

/** HubSpot's limit on one value. */
const longestValue = 65_536;
/** The value of a unique property is part of a key. */
const longestUniqueBytes = 900;

export type Checked = { readonly value: string } | { readonly problem: Problem };

/** One value, in the spelling in which it is stored. `current` is what the record has (a leading `;` adds to it). */
export function checkValue(definition: PropertyDefinition, given: string, current: string | undefined): Checked {
  const value = read(definition, given, current);
  if (typeof value !== 'string') return { problem: { name: definition.name, ...value } };
  const problem = tooLong(definition, value);
  return problem ? { problem: { name: definition.name, ...problem } } : { value };
}

type Refusal = Omit<Problem, 'name'>;

function read(definition: PropertyDefinition, given: string, current: string | undefined): string | Refusal {
  switch (definition.type) {
    case 'number':
      return readNumber(narrow(given)) ?? readJapaneseNumber(given) ?? notANumber(given);
    case 'date':
      return readDate(given);
    case 'datetime':
      return readDatetime(narrow(given)) ?? readJapaneseTime(given) ?? notATime(given);
    case 'bool':
      return readBool(given);
    case 'enumeration':
      return readOptions(definition, given, current);
    default:
      return readText(definition, given);
  }
}

/** Full-width digits and blanks around are how people type, not what they mean. */
const narrow = (given: string) => given.normalize('NFKC').trim();

const notANumber = (given: string): Refusal => ({
  code: 'INVALID_INTEGER',
  message: `${given} was not a valid number.`,
});

const notATime = (given: string): Refusal => ({ code: 'INVALID_LONG', message: `${given} was not a valid long.` });

function readDate(given: string): string | Refusal {
  const read = readDay(narrow(given));
  if (!read) return readJapaneseDay(given) ?? notATime(given);
  if ('day' in read) return read.day;
  return { code: 'INVALID_DATE', message: `${given} is at ${read.timeOfDay} UTC, not midnight!` };
}

function readBool(given: string): string | Refusal {
  const word = narrow(given).toLowerCase();
  return word === 'true' || word === 'false' ? word : notAnOption(given, ['true', 'false']);
}

const notAnOption = (given: string, allowed: readonly string[]): Refusal => ({
  code: 'INVALID_OPTION',
  message: `${given} was not one of the allowed options: [${allowed.join(', ')}]`,
});

/** Only checkboxes hold several options, `a;b`. Options are told apart by letter case, as HubSpot does. */
function readOptions(
  { fieldType, externalOptions, options }: PropertyDefinition,
  given: string,
  current = '',
): string | Refusal {
  const several = fieldType === 'checkbox';
  const words = several ? listOf(given) : [given.trim()];
  const allowed = options.map(({ value }) => value);
  const wrong = externalOptions ? undefined : words.find((word) => !allowed.includes(word));
  if (wrong !== undefined) return notAnOption(wrong, allowed);
  const kept = several && given.startsWith(';') ? listOf(current) : [];
  return [...new Set([...kept, ...words])].join(';');
}

const listOf = (text: string) =>
  text
    .split(';')
    .map((word) => word.trim())
    .filter(Boolean);

function readText({ name, textDisplayHint, hasUniqueValue }: PropertyDefinition, given: string): string | Refusal {
  if (textDisplayHint === 'email') {
    const address = normaliseEmail(given);
    return isEmail(address) ? address : { code: 'INVALID_EMAIL', message: `Email address ${given} is invalid` };
  }
  if (name === 'domain' && textDisplayHint === 'domain_name') return domainOf(given);
  return hasUniqueValue ? narrow(given) : given;
}

/** `https://www.example.co.jp/about` is how a domain is pasted. */
const domainOf = (given: string) =>
  narrow(given)
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/?#].*$/, '');

function tooLong({ hasUniqueValue }: PropertyDefinition, value: string): Refusal | undefined {
  if (value.length > longestValue) {
    return {
      code: 'VALUE_TOO_LONG',
      message: `The value has ${value.length} characters, the most is ${longestValue}.`,
    };
  }
  if (hasUniqueValue && Buffer.byteLength(value) > longestUniqueBytes) {
    return { code: 'VALUE_TOO_LONG', message: `A unique value may have ${longestUniqueBytes} bytes.` };
  }
  return undefined;
}
