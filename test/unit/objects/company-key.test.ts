import fc from 'fast-check';
import { expect, test } from 'vitest';
import { companyKey } from '../../../lib/objects/company-key.ts';

test.each([
  [
    '株式会社サンプル',
    '(株)サンプル',
    '（株）サンプル',
    '㈱サンプル',
    '㍿サンプル',
    'サンプル株式会社',
    'サンプル㈱',
    'サンプル 株式会社',
    'ｶ)ｻﾝﾌﾟﾙ',
    'サンプル(カ',
    'カ)サンプル',
    '株式会社 サン・プル',
  ],
  ['有限会社田中商店', '(有)田中商店', '㈲田中商店', '田中商店(有)', 'ユ)田中商店'],
  ['合同会社Alpha', 'Alpha LLC', 'ALPHA L.L.C.', '(同)Ａｌｐｈａ', 'alpha合同会社'],
  [
    'Sample Trading Co., Ltd.',
    'SAMPLE TRADING CO.,LTD',
    'Sample Trading K.K.',
    '株式会社Sample Trading',
    'K.K. Sample Trading',
  ],
  ['Example Inc.', 'EXAMPLE, INC', 'Example Corporation'],
  ['一般社団法人日本協会', '(一社)日本協会'],
  ['医療法人社団桜会', '(医)櫻会', '医療法人桜会', 'イ)桜会'],
  ['特定非営利活動法人つなぐ', 'NPO法人つなぐ', 'つなぐ(特非)'],
  ['学校法人𠮷田学園', '(学)吉田学園', 'ガク)吉田学園'],
  ['株式会社キヤノン', '(株)キャノン'],
  ['株式会社ニトリ商会', '株式会社二トリ商会'],
  ['株式会社データワン', '株式会社デ－タワン', '株式会社デ—タワン', '株式会社デ一タワン'],
  ['株式会社ヴィーナス', '株式会社ビーナス'],
  ['カブト', 'カブト'],
])('%s and its other spellings have one key', (...names) => {
  expect([...new Set(names.map(companyKey))]).toHaveLength(1);
});

test.each([
  ['株式会社サンプル', '有限会社サンプル'],
  ['株式会社サンプル', 'サンプル'],
  ['株式会社高田', '株式会社吉田'],
  ['カトウ', '株式会社トウ'],
  ['incubate', 'ubate'],
  ['株式会社', '有限会社'],
])('%s and %s are two', (one, other) => {
  expect(companyKey(one)).not.toBe(companyKey(other));
});

test('the key says the name and the form', () => {
  expect(companyKey('サンプル 株式会社')).toBe('サンプル|株');
  expect(companyKey('サンプル')).toBe('サンプル|');
  expect(companyKey('株式会社')).toBe('株式会社|');
});

test('where blanks and the form stand, and how the form is written, does not count', () => {
  const core = fc.string({ unit: fc.constantFrom(...'サンプル田中商事あいうAb8'), minLength: 1, maxLength: 12 });
  const form = fc.constantFrom('株式会社', '(株)', '㈱', '（株）', '㍿');
  fc.assert(
    fc.property(core, form, form, fc.nat(12), (name, one, other, at) => {
      const spaced = `${name.slice(0, at)} ${name.slice(at)}`;
      expect(companyKey(`${one}${name}`)).toBe(companyKey(`${spaced}　${other}`));
    }),
  );
});
