import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJapaneseDay, readJapaneseTime } from '../../../lib/objects/japanese-date.ts';
import { readJapaneseNumber } from '../../../lib/objects/japanese-number.ts';
import { checkValues } from '../../../lib/objects/values.ts';
import { codes, refusal, updating } from './checking.ts';
import { objectType, property } from './object-type.ts';

describe('a number', () => {
  test.each([
    ['12万', '120000'],
    ['１２万円', '120000'],
    ['1億2,000万', '120000000'],
    ['1億 2,000万 円', '120000000'],
    ['1.5億', '150000000'],
    ['¥1,200', '1200'],
    ['￥１，２００', '1200'],
    ['1,234,567.89', '1234567.89'],
    ['三千五百', '3500'],
    ['十二万三千四百五十六', '123456'],
    ['二〇二二', '2022'],
    ['5千', '5000'],
    ['千円', '1000'],
    ['2兆', '2000000000000'],
    ['▲300', '-300'],
    ['-1,200円', '-1200'],
    ['¥-500', '-500'],
    ['0.5万', '5000'],
    ['1万2', '10002'],
  ])('%s is %s', (typed, value) => {
    expect(readJapaneseNumber(typed)).toBe(value);
  });

  test.each([
    '',
    '万',
    '円',
    '¥',
    '12万3億',
    '1,2,3',
    '1,23',
    '12,34万',
    '約100',
    '12個',
    '1万万',
    'abc',
    '1.2.3',
    '十百',
    '--1',
  ])('%s is none', (typed) => {
    expect(readJapaneseNumber(typed)).toBeUndefined();
  });

  test('whatever is written with units and commas is read back', () => {
    const spell = (value: bigint) =>
      [
        [value / 10n ** 8n, '億'],
        [(value / 10n ** 4n) % 10n ** 4n, '万'],
        [value % 10n ** 4n, ''],
      ]
        .filter(([part]) => part !== 0n)
        .map(([part, unit]) => `${Number(part).toLocaleString('en-US')}${unit}`)
        .join('');
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 12n - 1n }),
        (value) => readJapaneseNumber(spell(value)) === String(value),
      ),
    );
  });
});

describe('a day', () => {
  test.each([
    ['2022年12月1日', '2022-12-01'],
    ['２０２２年１２月１日（木）', '2022-12-01'],
    ['2022年 12月 1日 (木曜日)', '2022-12-01'],
    ['西暦2022年12月1日', '2022-12-01'],
    ['R4.12.1', '2022-12-01'],
    ['Ｒ４．１２．１', '2022-12-01'],
    ['r04/12/01', '2022-12-01'],
    ['令和4年12月1日', '2022-12-01'],
    ['令和四年十二月一日', '2022-12-01'],
    ['令和元年五月一日', '2019-05-01'],
    ['㋿元年6月30日', '2019-06-30'],
    ['平成31年4月30日', '2019-04-30'],
    ['平成三十一年四月三十日', '2019-04-30'],
    ['平成35年1月1日', '2023-01-01'],
    ['S64.1.7', '1989-01-07'],
    ['昭和二十年八月十五日', '1945-08-15'],
    ['二〇二二年十二月一日', '2022-12-01'],
    ['大正元年12月31日', '1912-12-31'],
  ])('%s is %s', (typed, day) => {
    expect(readJapaneseDay(typed)).toBe(day);
  });

  test.each([
    '令和元年4月30日',
    '令和4年2月30日',
    '元年1月1日',
    '令和0年1月1日',
    '22年1月1日',
    'R4.13.1',
    'R4.12-1',
    'X4.1.1',
    '2022年12月',
    '明日',
    '2022年12月1日頃',
  ])('%s is none', (typed) => {
    expect(readJapaneseDay(typed)).toBeUndefined();
  });

  test.each([
    ['2022年12月1日 10:00', '2022-12-01T01:00:00.000Z'],
    ['令和4年12月1日（木）午後3時', '2022-12-01T06:00:00.000Z'],
    ['R4.12.1 9時30分', '2022-12-01T00:30:00.000Z'],
    ['R4.12.1 10:00', '2022-12-01T01:00:00.000Z'],
    ['R4.12.1 午前10時', '2022-12-01T01:00:00.000Z'],
    ['2022年12月1日', '2022-12-01T00:00:00.000Z'],
    ['2022年12月1日 25:00', undefined],
    ['2022年12月1日 午後', undefined],
  ])('the time %s is %s', (typed, time) => {
    expect(readJapaneseTime(typed)).toBe(time);
  });
});

describe('through the API', () => {
  const type = objectType('deals', [
    property({ name: 'd', type: 'date', fieldType: 'date' }),
    property({ name: 'n', type: 'number', fieldType: 'number' }),
  ]);

  test('amounts, days and times are stored as HubSpot stores them', () => {
    const given = { amount: '12万円', n: '１，２００', d: '令和4年12月1日', closedate: '2022年12月1日 10:00' };
    expect(checkValues(type, given, updating())).toMatchObject({
      amount: '120000',
      n: '1200',
      d: '2022-12-01',
      closedate: '2022-12-01T01:00:00.000Z',
    });
  });

  test('what is none of them is refused in HubSpot’s words', () => {
    const given = { amount: '12万くらい', d: '令和99年99月99日', closedate: '来週' };
    const error = refusal(() => checkValues(type, given, updating()));
    expect(codes(error)).toEqual([
      ['INVALID_INTEGER', 'amount'],
      ['INVALID_LONG', 'd'],
      ['INVALID_LONG', 'closedate'],
    ]);
    expect(error.message).toContain('12万くらい was not a valid number.');
  });
});
