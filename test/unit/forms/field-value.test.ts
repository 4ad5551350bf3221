import { expect, test } from 'vitest';
import { checkedValue } from '../../../lib/forms/field-value.ts';
import type { FormField } from '../../../lib/forms/schema.ts';

const field = (fieldType: FormField['fieldType'], more: Partial<FormField> = {}): FormField => ({
  objectTypeId: '0-1',
  name: 'x',
  fieldType,
  required: false,
  hidden: false,
  dependentFields: [],
  ...more,
});
const options = ['a', 'b'].map((value, displayOrder) => ({ value, label: value, displayOrder }));
const outcome = (of: FormField, value: string) => {
  const checked = checkedValue(of, value);
  return 'value' in checked ? checked.value : checked.problem.errorType;
};

test.each([
  ['full-width digits and commas of a number', field('number'), '１,２３４.5', '1234.5'],
  ['an amount in units of ten thousand', field('number'), '１２万円', '120000'],
  ['a number in words', field('number'), 'ten', 'INVALID_NUMBER'],
  [
    'a phone as typed',
    field('phone', { validation: { minAllowedDigits: 7 } }),
    '０３-0000-1234 (内線5)',
    '０３-0000-1234 (内線5)',
  ],
  ['a phone that is too short', field('phone', { validation: { minAllowedDigits: 7 } }), '110', 'NUMBER_OUT_OF_RANGE'],
  ['a date with slashes', field('datepicker'), '2026/11/22', '2026-11-22'],
  ['a day of an era', field('datepicker'), '令和4年12月1日', '2022-12-01'],
  ['a date as midnight in milliseconds', field('datepicker'), '1795305600000', '2026-11-22'],
  ['a day that does not exist', field('datepicker'), '2026-02-30', 'VALUE_NOT_IN_FIELD_DEFINITION'],
  ['a choice', field('radio', { options }), 'a', 'a'],
  ['a choice that is none', field('dropdown', { options }), 'c', 'VALUE_NOT_IN_FIELD_DEFINITION'],
  ['several choices, each once', field('multiple_checkboxes', { options }), 'b; a;b', 'b;a'],
  [
    'several choices, one of them unknown',
    field('multiple_checkboxes', { options }),
    'a;z',
    'VALUE_NOT_IN_FIELD_DEFINITION',
  ],
  ['a tick as browsers send it', field('single_checkbox'), 'on', 'true'],
  ['a tick that is neither', field('single_checkbox'), 'perhaps', 'VALUE_NOT_IN_FIELD_DEFINITION'],
] as const)('%s', (_, of, value, expected) => {
  expect(outcome(of, value)).toBe(expected);
});
