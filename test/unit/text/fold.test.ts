import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText, queryTokens, tokensOf } from '../../../lib/text/fold.ts';

const same = (...texts: string[]) => new Set(texts.map(foldText)).size === 1;

describe('texts that people hold equal', () => {
  test.each([
    ['髙橋', '高橋'],
    ['山﨑', '山崎'],
    ['渡邉', '渡邊', '渡辺'],
    ['齋藤', '齊藤', '斎藤'],
    ['濵田', '濱田', '浜田'],
    ['𠮷田', '吉田'],
    ['葛\u{E0100}城', '葛城'],
    ['國廣', '国広'],
    ['ﾀﾅｶ', 'タナカ', 'たなか'],
    ['ｶﾞｷﾞ', 'ガギ', 'がぎ'],
    ['サーバー', 'サーバ', 'ｻｰﾊﾞｰ', 'サ－バ－', 'サ—バ‐'],
    ['らーめん', 'ら〜めん', 'ら～めん'],
    ['キヤノン', 'キャノン'],
    ['ジョン・スミス', 'ジョンスミス'],
    ['霞ヶ関', '霞ケ関', '霞け関'],
    ['Ａ８．ｎｅｔ', 'a8.net'],
    ['０３－１２３４', '03-1234', '03−1234', '03—1234'],
    ['㈱サンプル', '(株)サンプル'],
    ['Müller', 'muller'],
  ])('%s and %s', (...texts) => {
    expect(same(...texts)).toBe(true);
  });

  test('different names stay different', () => {
    expect(foldText('大阪')).not.toBe(foldText('大坂'));
    expect(foldText('高田')).not.toBe(foldText('島田'));
  });

  test('folding twice changes nothing', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'アー・ｶﾞ髙-〜 aＡ03') }),
    );
    fc.assert(fc.property(anything, (text) => foldText(foldText(text)) === foldText(text)));
  });
});

describe('tokens', () => {
  test('words, pairs of Japanese letters and the last letter of a run', () => {
    expect(tokensOf('田中太郎 A8株')).toEqual(['田中', '中太', '太郎', '郎', 'a8', '株']);
    expect(tokensOf('tanaka@example.co.jp')).toEqual(['tanaka', 'example', 'co', 'jp']);
    expect(tokensOf('s00000012345678')).toEqual(['s00000012345678']);
  });

  test('a number with hyphens is found with and without them', () => {
    expect(tokensOf('03-1234-5678')).toEqual(['03', '1234', '5678', '0312345678']);
    expect(queryTokens('1234')).toEqual([{ token: '1234', prefix: true }]);
  });

  test.each([
    ['03-1234-5678', '0312345678'],
    ['０３（１２３４）５６７８代表', '0312345678'],
    ['03ー1234ー5678 内線123', '0312345678'],
    ['+81 3-1234-5678', '0312345678'],
    ['+81 (0)3 1234 5678', '0312345678'],
    ['81312345678', '0312345678'],
    ['+1 415 555 2671', '14155552671'],
    ['(03)1234', '031234'],
    ['090 1234 5678', '09012345678'],
  ])('the number %s is one word', (query, token) => {
    expect(queryTokens(query)).toEqual([{ token, prefix: true }]);
  });

  test('words of a query may be beginnings, pairs of letters are whole', () => {
    expect(queryTokens('東京 tana 田')).toEqual([
      { token: '東京', prefix: false },
      { token: 'tana', prefix: true },
      { token: '田', prefix: true },
    ]);
    expect(queryTokens('2022 12')).toHaveLength(2);
    expect(queryTokens('!?')).toEqual([]);
  });

  test('what is in every text is not asked for', () => {
    expect(queryTokens('株式会社田中').map(({ token }) => token)).toEqual(['社田', '田中']);
    expect(queryTokens('tanaka@example.co.jp').map(({ token }) => token)).toEqual(['tanaka', 'example']);
    expect(queryTokens('株式会社')).toEqual([]);
    expect(queryTokens('会 c')).toEqual([]);
  });
});
