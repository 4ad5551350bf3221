import { domainOfEmail, isEmail, normaliseEmail } from '../objects/email-address.ts';
import { readJapaneseDay } from '../objects/japanese-date.ts';
import { readJapaneseNumber } from '../objects/japanese-number.ts';
import { fieldKey } from './field.ts';
import { type FormProblem, fieldProblem } from './problem.ts';
import type { DependentFormField, FieldType, FormField } from './schema.ts';

type AnyField = FormField | DependentFormField;
type Checked = { readonly value: string } | { readonly problem: FormProblem };

/** Free mail services, which HubSpot's default block list keeps out of business forms. */
const freeMail = new Set([
  'aol.com',
  'gmail.com',
  'gmx.com',
  'googlemail.com',
  'hotmail.co.jp',
  'hotmail.com',
  'icloud.com',
  'live.com',
  'live.jp',
  'mail.com',
  'me.com',
  'msn.com',
  'outlook.com',
  'outlook.jp',
  'protonmail.com',
  'yahoo.co.jp',
  'yahoo.com',
  'ymail.ne.jp',
]);

const narrow = (value: string) => value.normalize('NFKC').trim();
const digitsIn = (value: string) => value.replace(/\D/g, '').length;

/** A value that is not blank, as it is kept, or what is wrong with it for this field. */
export function checkedValue(field: AnyField, value: string): Checked {
  const wrong = (...[errorType, reason]: [FormProblem['errorType'], string]): Checked => ({
    problem: fieldProblem(fieldKey(field), errorType, reason),
  });
  return checks[field.fieldType](field, value, wrong);
}

type Check = (
  field: AnyField,
  value: string,
  wrong: (errorType: FormProblem['errorType'], reason: string) => Checked,
) => Checked;

const anyText: Check = (_, value) => ({ value });

const email: Check = ({ validation = {} }, value, wrong) => {
  const address = normaliseEmail(value);
  if (!isEmail(address)) return wrong('INVALID_EMAIL', `The email address "${value}" is invalid`);
  const domain = domainOfEmail(address);
  const blocked = (validation.blockedEmailDomains ?? []).map((each) => normaliseEmail(each).replace(/^@/, ''));
  const refused = blocked.includes(domain) || (validation.useDefaultBlockList && freeMail.has(domain));
  return refused ? wrong('BLOCKED_EMAIL', `Addresses of ${domain} are not accepted`) : { value: address };
};

function digitsOutOfRange(
  { validation: { minAllowedDigits = 0, maxAllowedDigits = Number.POSITIVE_INFINITY } = {} }: AnyField,
  value: string,
): string | undefined {
  const digits = digitsIn(value);
  if (digits < minAllowedDigits) return `The value has ${digits} digits, at least ${minAllowedDigits} are needed`;
  return digits > maxAllowedDigits
    ? `The value has ${digits} digits, at most ${maxAllowedDigits} are taken`
    : undefined;
}

const number: Check = (field, value, wrong) => {
  const typed = narrow(value).replaceAll(',', '');
  const plain = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(typed) ? typed : readJapaneseNumber(value);
  if (plain === undefined) return wrong('INVALID_NUMBER', `"${value}" is not a number`);
  const outside = digitsOutOfRange(field, plain);
  return outside ? wrong('NUMBER_OUT_OF_RANGE', outside) : { value: plain };
};

/** Kept as typed: people write extensions and names of departments into it. */
const phone: Check = (field, value, wrong) => {
  const outside = digitsOutOfRange(field, narrow(value));
  return outside ? wrong('NUMBER_OUT_OF_RANGE', outside) : { value };
};

const date: Check = (_, value, wrong) => {
  const plain = narrow(value).replaceAll('/', '-');
  const milliseconds = /^\d{11,14}$/.test(plain) ? Number(plain) : Date.parse(`${plain}T00:00:00Z`);
  const day = Number.isNaN(milliseconds) ? '' : new Date(milliseconds).toISOString().slice(0, 10);
  const exists = /^\d{11,14}$/.test(plain) || day === plain;
  const read = day && exists ? day : readJapaneseDay(value);
  return read ? { value: read } : wrong('VALUE_NOT_IN_FIELD_DEFINITION', `"${value}" is not a date (YYYY-MM-DD)`);
};

const one: Check = ({ options = [] }, value, wrong) =>
  options.some((option) => option.value === value)
    ? { value }
    : wrong('VALUE_NOT_IN_FIELD_DEFINITION', `"${value}" is not one of the options`);

const several: Check = ({ options = [] }, value, wrong) => {
  const parts = [
    ...new Set(
      value
        .split(';')
        .map((part) => part.trim())
        .filter(Boolean),
    ),
  ];
  const unknown = parts.filter((part) => !options.some((option) => option.value === part));
  return unknown.length > 0
    ? wrong('VALUE_NOT_IN_FIELD_DEFINITION', `${unknown.map((part) => `"${part}"`).join(', ')} not among the options`)
    : { value: parts.join(';') };
};

const truths: Readonly<Record<string, string>> = {
  true: 'true',
  yes: 'true',
  on: 'true',
  '1': 'true',
  false: 'false',
  no: 'false',
  off: 'false',
  '0': 'false',
};
const tick: Check = (_, value, wrong) => {
  const truth = truths[value.toLowerCase()];
  return truth ? { value: truth } : wrong('VALUE_NOT_IN_FIELD_DEFINITION', `"${value}" is neither true nor false`);
};

const checks: Readonly<Record<FieldType, Check>> = {
  email,
  phone,
  mobile_phone: phone,
  single_line_text: anyText,
  multi_line_text: anyText,
  number,
  datepicker: date,
  dropdown: one,
  radio: one,
  payment_link_radio: one,
  multiple_checkboxes: several,
  single_checkbox: tick,
  file: anyText,
};
