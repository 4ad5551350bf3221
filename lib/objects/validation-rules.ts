import * as z from 'zod/mini';
import type { PropertyType } from './definition.ts';
import { isEmail } from './email-address.ts';

/** HubSpot's names of rules for the values of a property. */
export const RuleType = z.enum([
  'AFTER_DATETIME_DURATION',
  'AFTER_DURATION',
  'ALPHANUMERIC',
  'BEFORE_DATETIME_DURATION',
  'BEFORE_DURATION',
  'DAYS_OF_WEEK',
  'DECIMAL',
  'DOMAIN',
  'EMAIL',
  'EMAIL_ALLOWED_DOMAINS',
  'EMAIL_BLOCKED_DOMAINS',
  'END_DATE',
  'END_DATETIME',
  'FORMAT',
  'MAX_LENGTH',
  'MAX_NUMBER',
  'MIN_LENGTH',
  'MIN_NUMBER',
  'PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE',
  'REGEX',
  'SPECIAL_CHARACTERS',
  'START_DATE',
  'START_DATETIME',
  'URL',
  'URL_ALLOWED_DOMAINS',
  'URL_BLOCKED_DOMAINS',
  'WHITESPACE',
]);
export type RuleType = z.output<typeof RuleType>;

export const ValidationRule = z.object({ ruleType: RuleType, ruleArguments: z.array(z.string()) });
export type ValidationRule = z.output<typeof ValidationRule>;

type Rule = {
  /** The types of property that it can be a rule of. */
  readonly of: readonly PropertyType[];
  /** Whether these arguments mean something; a rule without it takes none. */
  readonly takes?: (given: readonly string[]) => boolean;
  /** What the arguments have to be, in words. */
  readonly wants?: string;
  readonly holds: (value: string, given: readonly string[], now: number) => boolean;
};

const text: readonly PropertyType[] = ['string', 'phone_number'];
const dayMs = 86_400_000;

const one = (fits: (argument: string) => boolean) => (given: readonly string[]) =>
  given.length === 1 && fits(given[0] ?? '');
const isNumber = (argument: string) => argument.trim() !== '' && Number.isFinite(Number(argument));
const isCount = (argument: string) => /^\d{1,5}$/.test(argument);
const isMoment = (argument: string) => !Number.isNaN(Date.parse(argument));
const several = (given: readonly string[]) => given.length > 0 && given.every((each) => each.trim() !== '');
const length = (value: string) => [...value].length;

const counted = (holds: (count: number, most: number) => boolean): Rule => ({
  of: text,
  takes: one(isCount),
  wants: 'one number of characters',
  holds: (value, [most = '']) => holds(length(value), Number(most)),
});
const numbered = (holds: (value: number, bound: number) => boolean): Rule => ({
  of: ['number'],
  takes: one(isNumber),
  wants: 'one number',
  holds: (value, [bound = '']) => holds(Number(value), Number(bound)),
});
const dated = (of: PropertyType, holds: (value: number, bound: number) => boolean): Rule => ({
  of: [of],
  takes: one(isMoment),
  wants: 'one date in ISO 8601',
  holds: (value, [bound = '']) => holds(Date.parse(value), Date.parse(bound)),
});
/** So many days before or after now. */
const lasting = (of: PropertyType, holds: (value: number, now: number, ms: number) => boolean): Rule => ({
  of: [of],
  takes: one(isCount),
  wants: 'one number of days',
  holds: (value, [days = ''], now) => holds(Date.parse(value), now, Number(days) * dayMs),
});

const hostOf = (value: string) => {
  const url = /^[a-z][a-z\d+.-]*:/i.test(value) ? value : `https://${value}`;
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '';
};
const within = (host: string, domains: readonly string[]) =>
  domains.some((domain) => host === domain.toLowerCase() || host.endsWith(`.${domain.toLowerCase()}`));
const among = (hostOfValue: (value: string) => string, wanted: boolean): Rule => ({
  of: text,
  takes: several,
  wants: 'the domains',
  holds: (value, domains) => within(hostOfValue(value), domains) === wanted,
});
const mailHost = (value: string) => value.slice(value.lastIndexOf('@') + 1).toLowerCase();

const alphabets: Readonly<Record<string, RegExp>> = {
  LETTERS: /^\p{L}*$/u,
  NUMBERS: /^\p{Nd}*$/u,
  ALPHANUMERIC: /^[\p{L}\p{Nd}]*$/u,
};
const weekdays = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];

/** A pattern that repeats a repetition can take longer than any request may. */
const repeatsItself = /[+*}]\)?[+*{]|\([^)]*[+*{][^)]*\)[+*{]/;
const isPattern = (pattern: string) => {
  if (pattern.length > 200 || repeatsItself.test(pattern)) return false;
  try {
    return new RegExp(pattern, 'u').source.length > 0;
  } catch {
    return false;
  }
};

const rules: Partial<Record<RuleType, Rule>> = {
  MIN_LENGTH: counted((count, least) => count >= least),
  MAX_LENGTH: counted((count, most) => count <= most),
  MIN_NUMBER: numbered((value, least) => value >= least),
  MAX_NUMBER: numbered((value, most) => value <= most),
  DECIMAL: {
    of: ['number'],
    takes: one(isCount),
    wants: 'one number of decimal places',
    holds: (value, [most = '']) => (value.split('.')[1] ?? '').length <= Number(most),
  },
  START_DATE: dated('date', (value, bound) => value >= bound),
  END_DATE: dated('date', (value, bound) => value <= bound),
  START_DATETIME: dated('datetime', (value, bound) => value >= bound),
  END_DATETIME: dated('datetime', (value, bound) => value <= bound),
  BEFORE_DURATION: lasting('date', (value, now, ms) => value >= now - ms - dayMs),
  AFTER_DURATION: lasting('date', (value, now, ms) => value <= now + ms + dayMs),
  BEFORE_DATETIME_DURATION: lasting('datetime', (value, now, ms) => value >= now - ms),
  AFTER_DATETIME_DURATION: lasting('datetime', (value, now, ms) => value <= now + ms),
  DAYS_OF_WEEK: {
    of: ['date'],
    takes: (given) => several(given) && given.every((day) => weekdays.includes(day.toUpperCase())),
    wants: 'days of the week, as MONDAY',
    holds: (value, given) =>
      given.some((day) => day.toUpperCase() === weekdays[new Date(`${value}T00:00:00Z`).getUTCDay()]),
  },
  ALPHANUMERIC: {
    of: text,
    takes: one((argument) => argument in alphabets),
    wants: 'LETTERS, NUMBERS or ALPHANUMERIC',
    holds: (value, [kind = '']) => alphabets[kind]?.test(value) ?? true,
  },
  REGEX: {
    of: text,
    takes: one(isPattern),
    wants: 'one regular expression of at most 200 characters that repeats no repetition',
    holds: (value, [pattern = '']) => new RegExp(`^(?:${pattern})$`, 'u').test(value),
  },
  SPECIAL_CHARACTERS: { of: text, holds: (value) => !/[^\p{L}\p{M}\p{N}\s]/u.test(value) },
  WHITESPACE: { of: text, holds: (value) => !/\s/u.test(value) },
  EMAIL: { of: text, holds: isEmail },
  EMAIL_ALLOWED_DOMAINS: among(mailHost, true),
  EMAIL_BLOCKED_DOMAINS: among(mailHost, false),
  URL: { of: text, holds: (value) => /^https?:\/\//i.test(value) && URL.canParse(value) },
  URL_ALLOWED_DOMAINS: among(hostOf, true),
  URL_BLOCKED_DOMAINS: among(hostOf, false),
  DOMAIN: { of: text, holds: (value) => /^(?:[\p{L}\d](?:[\p{L}\d-]*[\p{L}\d])?\.)+\p{L}{2,}$/u.test(value) },
  PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE: { of: text, holds: (value) => /^\+\d/.test(value.normalize('NFKC').trim()) },
};

/** Why a rule cannot be set for a property of this type, in words; undefined when it can. */
export function ruleProblem({ ruleType, ruleArguments }: ValidationRule, type: PropertyType): string | undefined {
  const rule = rules[ruleType];
  if (!rule) return `Rules of the type ${ruleType} are not known here`;
  if (!rule.of.includes(type)) return `${ruleType} is a rule of ${rule.of.join(' and ')} properties`;
  if (rule.takes) return rule.takes(ruleArguments) ? undefined : `${ruleType} takes ${rule.wants}`;
  return ruleArguments.length === 0 || ruleArguments.join() === 'true' ? undefined : `${ruleType} takes no arguments`;
}

/** The first rule that a value breaks. */
export const brokenRule = (list: readonly ValidationRule[], value: string, now: string): ValidationRule | undefined =>
  list.find(({ ruleType, ruleArguments }) => rules[ruleType]?.holds(value, ruleArguments, Date.parse(now)) === false);
