import { expect, test } from 'vitest';
import { brokenRule, type RuleType, ruleProblem } from '../../../lib/objects/validation-rules.ts';

const now = '2026-11-25T03:00:00.000Z';
const holds = (ruleType: RuleType, ruleArguments: string[], value: string) =>
  brokenRule([{ ruleType, ruleArguments }], value, now) === undefined;

test.each<[RuleType, string[], string, string]>([
  ['MIN_LENGTH', ['2'], '𠮷野', '𠮷'],
  ['MAX_LENGTH', ['2'], '𠮷野', '𠮷野家'],
  ['MIN_NUMBER', ['0'], '0', '-1'],
  ['MAX_NUMBER', ['10'], '10', '10.5'],
  ['DECIMAL', ['2'], '1.25', '1.255'],
  ['START_DATE', ['2026-04-01'], '2026-04-01', '2026-03-31'],
  ['END_DATETIME', ['2026-04-01T00:00:00Z'], '2026-03-31T00:00:00.000Z', '2026-04-02T00:00:00.000Z'],
  ['AFTER_DATETIME_DURATION', ['7'], '2026-12-01T00:00:00.000Z', '2026-12-25T00:00:00.000Z'],
  ['BEFORE_DURATION', ['7'], '2026-11-20', '2026-11-01'],
  ['DAYS_OF_WEEK', ['MONDAY'], '2026-11-23', '2026-11-25'],
  ['ALPHANUMERIC', ['NUMBERS'], '0123', 'A123'],
  ['REGEX', ['\\d{7}'], '1234567', '12345678'],
  ['SPECIAL_CHARACTERS', [], '田中 太郎', '田中★'],
  ['WHITESPACE', [], '田中', '田中　太郎'],
  ['EMAIL', [], 'a@b.co.jp', 'a@'],
  ['EMAIL_ALLOWED_DOMAINS', ['example.co.jp'], 'a@mail.example.co.jp', 'a@example.com'],
  ['EMAIL_BLOCKED_DOMAINS', ['gmail.com'], 'a@example.co.jp', 'a@gmail.com'],
  ['URL', [], 'https://example.co.jp/', 'example.co.jp'],
  ['URL_BLOCKED_DOMAINS', ['example.com'], 'https://a8.net', 'https://www.example.com/x'],
  ['DOMAIN', [], '日本語.jp', 'https://a8.net'],
  ['PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE', [], '+81312345678', '03-1234-5678'],
])('%s %j lets %s pass and %s not', (type, given, good, bad) => {
  expect(holds(type, given, good)).toBe(true);
  expect(holds(type, given, bad)).toBe(false);
});

test('what cannot be a rule is said in words', () => {
  expect(ruleProblem({ ruleType: 'FORMAT', ruleArguments: [] }, 'string')).toMatch(/not known/);
  expect(ruleProblem({ ruleType: 'REGEX', ruleArguments: ['(a*)*'] }, 'string')).toMatch(/repeats no repetition/);
  expect(ruleProblem({ ruleType: 'MAX_LENGTH', ruleArguments: ['3'] }, 'number')).toMatch(/rule of string/);
  expect(ruleProblem({ ruleType: 'EMAIL', ruleArguments: [] }, 'string')).toBeUndefined();
});
