import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KnownWord, NameInput } from '../../../lib/quality/schema.ts';
import { suggestName } from '../../../lib/quality/suggest.ts';
import { automaticConfidence } from '../../../lib/quality/threshold.ts';
import { familyNames, givenNames } from '../../support/japanese-names.ts';

const of = (lastname: string, firstname = '', words: readonly KnownWord[] = []) =>
  suggestName({ lastname, firstname }, words);
const isAutomatic = ({ confidence }: { confidence: number }) => confidence >= automaticConfidence;

test.each([
  ['A8田中', { lastname: '田中', firstname: '', tags: ['A8'] }, ['NAME_IN_ONE_FIELD', 'SERVICE_IN_NAME']],
  ['Ａ８田中', { lastname: '田中', tags: ['A8'] }, ['NAME_IN_ONE_FIELD', 'SERVICE_IN_NAME']],
  ['landinghub山田', { lastname: '山田', tags: ['landinghub'] }, ['NAME_IN_ONE_FIELD', 'SERVICE_IN_NAME']],
  [
    '(株)サンプル高橋様',
    { lastname: '高橋', company: '(株)サンプル', honorific: '様' },
    ['NAME_IN_ONE_FIELD', 'HONORIFIC', 'COMPANY_IN_NAME'],
  ],
  [
    '㈱サンプル田中太郎',
    { lastname: '田中', firstname: '太郎', company: '㈱サンプル' },
    ['NAME_IN_ONE_FIELD', 'FULLNAME_IN_FAMILY', 'COMPANY_IN_NAME'],
  ],
  [
    '株式会社サンプル 田中',
    { lastname: '田中', company: '株式会社サンプル' },
    ['NAME_IN_ONE_FIELD', 'COMPANY_IN_NAME'],
  ],
  ['山田商事株式会社佐藤', { lastname: '佐藤', company: '山田商事株式会社' }, ['NAME_IN_ONE_FIELD', 'COMPANY_IN_NAME']],
  ['ﾀﾅｶ さま', { lastname: 'タナカ', honorific: 'さま' }, ['NAME_IN_ONE_FIELD', 'HONORIFIC', 'HALF_WIDTH_KANA']],
  [
    '田中太郎　御中',
    { lastname: '田中', firstname: '太郎', honorific: '御中' },
    ['NAME_IN_ONE_FIELD', 'FULLNAME_IN_FAMILY', 'HONORIFIC'],
  ],
  ['経理部 田中', { lastname: '田中', department: '経理部' }, ['NAME_IN_ONE_FIELD', 'DEPARTMENT_IN_NAME']],
  ['服部部長', { lastname: '服部', jobtitle: '部長' }, ['NAME_IN_ONE_FIELD']],
  [
    '代表取締役 田中太郎',
    { lastname: '田中', firstname: '太郎', jobtitle: '代表取締役' },
    ['NAME_IN_ONE_FIELD', 'FULLNAME_IN_FAMILY'],
  ],
  ['髙﨑一郎', { lastname: '髙﨑', firstname: '一郎' }, ['NAME_IN_ONE_FIELD', 'FULLNAME_IN_FAMILY']],
  ['葛\u{e0100}城太郎', { lastname: '葛\u{e0100}城', firstname: '太郎' }, ['NAME_IN_ONE_FIELD', 'FULLNAME_IN_FAMILY']],
  ['林修', { lastname: '林', firstname: '修' }, ['NAME_IN_ONE_FIELD', 'FULLNAME_IN_FAMILY']],
  ['山田・太郎', { lastname: '山田', firstname: '太郎' }, ['NAME_IN_ONE_FIELD', 'FULLNAME_IN_FAMILY']],
  ['Taro Tanaka', { lastname: 'Tanaka', firstname: 'Taro' }, ['NAME_IN_ONE_FIELD', 'FULLNAME_IN_FAMILY']],
  ['Tanaka, Taro', { lastname: 'Tanaka', firstname: 'Taro' }, ['NAME_IN_ONE_FIELD', 'FULLNAME_IN_FAMILY']],
])('「%s」 in the family name is corrected without a person', (name, parts, findings) => {
  const suggestion = of(name);
  expect(suggestion).toMatchObject({ ...parts, findings });
  expect(isAutomatic(suggestion)).toBe(true);
});

test.each([
  ['', '田中', { lastname: '田中', firstname: '' }, ['NAME_IN_ONE_FIELD']],
  ['', '田中太郎', { lastname: '田中', firstname: '太郎' }, ['NAME_IN_ONE_FIELD', 'FULLNAME_IN_FAMILY']],
  ['太郎', '田中', { lastname: '田中', firstname: '太郎' }, ['SWAPPED']],
  ['田中太郎', '太郎', { lastname: '田中', firstname: '太郎' }, ['FULLNAME_IN_FAMILY']],
  ['田中', '太郎様', { lastname: '田中', firstname: '太郎', honorific: '様' }, ['HONORIFIC']],
  ['田中', '様', { lastname: '田中', firstname: '', honorific: '様' }, ['NAME_IN_ONE_FIELD', 'HONORIFIC']],
  ['★田中★', '太郎', { lastname: '田中', firstname: '太郎' }, ['EMOJI_OR_SYMBOL']],
  ['ﾀﾅｶ', 'ﾀﾛｳ', { lastname: 'タナカ', firstname: 'タロウ' }, ['HALF_WIDTH_KANA']],
])('姓「%s」 名「%s」', (lastname, firstname, parts, findings) => {
  const suggestion = of(lastname, firstname);
  expect(suggestion).toMatchObject({ ...parts, findings });
  expect(isAutomatic(suggestion)).toBe(true);
});

test.each([
  '田中',
  '鵜殿',
  '氏家',
  '渡部',
  '服部',
  '阿部',
  '五十嵐',
  '殿',
  '先生',
  '太郎丸',
])('a family name alone stays as it is, and nothing is made up: %s', (name) => {
  expect(of(name)).toMatchObject({ lastname: name, firstname: '', findings: ['NAME_IN_ONE_FIELD'], confidence: 0 });
});

test.each([
  ['田中', '太郎'],
  ['髙橋', '一郎'],
  ['渡部', '恒三'],
  ['氏家', '君'],
  ['Tanaka', 'Taro'],
  ['McDonald', 'Ronald'],
  ['O’Brien', 'Anne-Marie'],
  ['大和', '薫'],
  ['田中', '君'],
  ['鵜殿', '先'],
])('a name that is right has no finding: %s %s', (lastname, firstname) => {
  expect(of(lastname, firstname)).toMatchObject({ lastname, firstname, findings: [] });
});

test.each([
  '経理ご担当者様',
  '広報担当',
  'ご担当者様',
  '総務部 御中',
  '株式会社サンプル ご担当者様',
  'お客様',
])('a role is no person, and is left to people: %s', (name) => {
  const suggestion = of(name);
  expect(suggestion).toMatchObject({ lastname: '', firstname: '', confidence: 0 });
  expect(suggestion.findings).toContain('ROLE_ADDRESS');
});

test.each(['テスト', 'てすと太郎', 'test', 'ｔｅｓｔ', 'ダミー'])('a test is never corrected by itself: %s', (name) => {
  const suggestion = of(name);
  expect(suggestion.findings).toContain('TEST_NAME');
  expect(suggestion.confidence).toBe(0);
});

test.each([
  '株式会社山田製作所',
  '株式会社 中村',
  '田中(経理)',
  'TARO',
  'Taro田中',
  'T田中',
  '小野田颯太',
  '田中 一 郎',
  'あいうえお',
])('what is not sure is left to people: %s', (name) => {
  expect(isAutomatic(of(name))).toBe(false);
});

test('a word that was taught is known in any width and case, the person’s own company too', () => {
  const words: KnownWord[] = [{ word: 'つなぎ広告', kind: 'service' }];
  expect(of('つなぎ広告佐藤', '', words)).toMatchObject({ lastname: '佐藤', tags: ['つなぎ広告'] });
  expect(suggestName({ lastname: 'サンプル電機鈴木', company: 'サンプル電機' })).toMatchObject({
    lastname: '鈴木',
    company: 'サンプル電機',
  });
  expect(suggestName({ lastname: 'LandingHub 山田', email: 'y@landinghub.co.jp' })).toMatchObject({
    lastname: '山田',
    company: 'LandingHub',
  });
});

test('each finding has its reason in both languages', () => {
  const { findings, reasons } = of('(株)サンプル高橋様');
  for (const finding of findings)
    expect(reasons).toContainEqual({
      code: finding,
      ja: expect.stringMatching(/名/),
      en: expect.stringMatching(/name/),
    });
});

const pieces = fc.constantFrom(
  ...familyNames.slice(0, 60),
  ...givenNames.slice(0, 60),
  '様',
  'さん',
  '殿',
  '君',
  '先生',
  '株式会社',
  '(株)',
  '㈱',
  'サンプル',
  'A8',
  'Ａ８',
  'landinghub',
  '経理部',
  '部長',
  '代表取締役',
  'ご担当者',
  ' ',
  '　',
  '・',
  ',',
  '(',
  ')',
  '★',
  '😊',
  '髙',
  '﨑',
  '\u{e0100}',
  'ﾀﾅｶ',
  'ｶﾞ',
  '㍿',
  'ﬁ',
  'Co., Ltd.',
  'inc',
  '-',
  'ー',
  'テスト',
  '𠮷',
  '\ud800',
  '①',
  'm',
);
const text = fc.oneof(
  fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);

/** Letters and digits, each as often as it occurs; width, case and blanks do not count. */
const countOf = (texts: readonly string[]) =>
  [...texts.join('').toWellFormed().normalize('NFKC').toLowerCase()]
    .filter((letter) => /[\p{L}\p{N}]/u.test(letter))
    .sort()
    .join('');

test('whatever stands in a name, every letter of it ends in exactly one part, and nothing is added', () => {
  fc.assert(
    fc.property(text, text, fc.array(text, { maxLength: 2 }), (lastname, firstname, words) => {
      const input: NameInput = { lastname, firstname };
      const result = suggestName(
        input,
        words.map((word) => ({ word, kind: 'service' as const })),
      );
      const parts = [
        result.lastname,
        result.firstname,
        result.honorific,
        result.company,
        result.department,
        result.jobtitle,
      ];
      expect(countOf([...parts.map((part) => part ?? ''), ...result.tags, ...result.removed])).toBe(
        countOf([lastname, firstname]),
      );
      expect(result.confidence).toBeGreaterThanOrEqual(0);
      expect(result.confidence).toBeLessThanOrEqual(1);
    }),
    { numRuns: 3000 },
  );
});

test('what is corrected without a person is right then: the same check finds nothing more to correct', () => {
  fc.assert(
    fc.property(text, text, (lastname, firstname) => {
      const first = suggestName({ lastname, firstname });
      if (first.findings.length === 0 || !isAutomatic(first)) return;
      const again = suggestName({ lastname: first.lastname, firstname: first.firstname });
      expect(again).toMatchObject({ lastname: first.lastname, firstname: first.firstname });
    }),
    { numRuns: 3000 },
  );
});
