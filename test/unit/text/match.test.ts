import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textDocument, textParts } from '../../../lib/text/document.ts';
import { queryTokens } from '../../../lib/text/fold.ts';
import { matchesQuery } from '../../../lib/text/match.ts';
import { objectType } from '../objects/object-type.ts';

const contacts = objectType('contacts');
const deals = objectType('deals');
const notes = objectType('notes');
const finds = (properties: Record<string, string>, query: string) => matchesQuery(contacts, properties, query);

const japanese = fc.string({
  unit: fc.constantFrom(...'田中髙﨑渡邉齋藤山本株式会社あいうカタナがギャょッー・サンプル'),
  minLength: 2,
  maxLength: 30,
});
const letters = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
const toHalf = new Map(
  [...'カタナサンプルギ'].map((letter, at) => [letter, ['ｶ', 'ﾀ', 'ﾅ', 'ｻ', 'ﾝ', 'ﾌﾟ', 'ﾙ', 'ｷﾞ'][at] ?? letter]),
);
const toUsual = new Map([...'髙﨑邉齋'].map((letter, at) => [letter, [...'高崎辺斎'][at] ?? letter]));
const respelt = (text: string, table: ReadonlyMap<string, string>) =>
  [...text].map((letter) => table.get(letter) ?? letter).join('');
const toHiragana = (text: string) =>
  text.replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60));

describe('what people look for', () => {
  const person = {
    lastname: '髙﨑',
    firstname: '太郎',
    lastname_kana: 'タカサキ',
    firstname_kana: 'タロウ',
    email: 'taro.takasaki@example.co.jp',
    phone: '０３−１２３４−５６７８（内線12）',
    company: '㈱サンプル',
  };

  test.each([
    '高崎',
    '髙﨑 太郎',
    '高崎太郎',
    '崎太',
    'たかさきたろう',
    'ﾀｶｻｷ',
    'taro',
    'takasaki@example',
    'ＴＡＲＯ．ＴＡＫＡＳＡＫＩ＠example.co.jp',
    '03-1234-5678',
    '0312345678',
    '031234',
    '+81 3-1234-5678',
    '81312345678',
    '(03)1234-5678 内線12',
    'サンプル 高崎',
    '郎',
  ])('%s finds the person', (query) => {
    expect(finds(person, query)).toBe(true);
  });

  test.each(['太崎', '高橋', 'kasaki', '1234-0000', 'taro 田中', '・'])('%s does not', (query) => {
    expect(finds(person, query)).toBe(false);
  });

  test('the beginning of an advertiser id finds its deal, in any width', () => {
    const deal = { dealname: 'サンプル', advertiser_id: 's00000012345678' };
    for (const query of ['s00000012345678', 'ｓ００００００１２３４５６７８', 'S000000', ' s0000001 '])
      expect(matchesQuery(deals, deal, query)).toBe(true);
    expect(matchesQuery(deals, deal, '12345678')).toBe(false);
  });

  test('of a long note the beginning is found, and its markup is not', () => {
    const note = { hs_note_body: `<p>打合せの<b>議事録</b></p>${'本文、'.repeat(20_000)}末尾` };
    expect(matchesQuery(notes, note, '議事録')).toBe(true);
    expect(matchesQuery(notes, note, '末尾')).toBe(false);
  });
});

describe('for any Japanese text', () => {
  const slice = fc.tuple(japanese, fc.nat(30), fc.integer({ min: 2, max: 6 })).map(([text, from, length]) => {
    const all = [...text];
    const begin = from % all.length;
    return { text, part: all.slice(begin, begin + length).join('') };
  });
  const enough = (part: string) => [...part].filter((letter) => letters.test(letter)).length >= 2;

  test('every part of two letters or more finds it, in any width, kana and form of kanji', () => {
    fc.assert(
      fc.property(slice, ({ text, part }) => {
        fc.pre(enough(part));
        for (const query of [
          part,
          toHiragana(part),
          respelt(part, toHalf),
          respelt(part, toUsual),
          part.normalize('NFKD'),
        ])
          expect(finds({ company: text }, query), `${query} in ${text}`).toBe(true);
      }),
    );
  });

  test('the tokens of a query that finds it are among its own', () => {
    const anything = fc.oneof(japanese, fc.string(), fc.constantFrom('03-1234', '12-34-5a', 'A8.net', '田 中'));
    fc.assert(
      fc.property(anything, anything, fc.nat(20), (text, other, from) => {
        const { tokens } = textDocument(textParts(contacts, { company: text }));
        for (const query of [text, other, text.slice(from)]) {
          if (!finds({ company: text }, query)) continue;
          for (const { token, prefix } of queryTokens(query))
            expect(prefix ? [...tokens].some((each) => each.startsWith(token)) : tokens.has(token)).toBe(true);
        }
      }),
    );
  });

  test('a record has 300 tokens at most', () => {
    const long = fc.string({
      unit: fc.integer({ min: 0x4e00, max: 0x9fa0 }).map((code) => String.fromCodePoint(code)),
      minLength: 500,
    });
    fc.assert(
      fc.property(
        long,
        (text) => textDocument(textParts(contacts, { company: text, lastname: text })).tokens.size <= 300,
      ),
      { numRuns: 20 },
    );
  });
});
