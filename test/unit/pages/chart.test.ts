import { expect, test } from 'vitest';
import { chartSvg } from '../../../lib/pages/chart.ts';
import { type Matrix, withRest } from '../../../lib/reports/matrix.ts';

const words = { title: '件数', number: String };
const matrix = (values: readonly (readonly number[])[]): Matrix => ({
  categories: (values[0] ?? []).map((_, position) => ({
    key: `k${position}`,
    label: `週${position}`,
    short: `${position}`,
  })),
  series: values.map((each, position) => ({ name: `S${position}`, values: each })),
});
const numbersOf = (svg: string, attribute: string, element = 'rect') =>
  [...svg.matchAll(new RegExp(`<${element}[^>]* ${attribute}="(-?[\\d.]+)"`, 'g'))].map(([, text]) => Number(text));

test('bars of one column stand on each other, and their heights are as their values', () => {
  const { markup } = chartSvg(
    'bar',
    matrix([
      [2, 4],
      [4, 0],
    ]),
    words,
  );
  const [low, high, other] = numbersOf(markup, 'height');
  expect(high).toBeCloseTo((low ?? 0) * 2, 0);
  expect(other).toBeCloseTo(high ?? 0, 0);
  const [bottom, top] = numbersOf(markup, 'y');
  expect((top ?? 0) + (high ?? 0)).toBeCloseTo(bottom ?? 0, 0);
});

test('counts have whole numbers at the axis', () => {
  const { markup } = chartSvg('bar', matrix([[1, 0, 1]]), words);
  expect(markup).not.toMatch(/text-anchor="end">0\.\d/);
});

test('values below nought hang below it, and everything stays inside the picture', () => {
  const { markup } = chartSvg('bar', matrix([[5, -5]]), words);
  const tops = numbersOf(markup, 'y');
  const heights = numbersOf(markup, 'height');
  expect(heights[0]).toBeCloseTo(heights[1] ?? 0, 0);
  for (const [position, top] of tops.entries()) {
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top + (heights[position] ?? 0)).toBeLessThanOrEqual(280);
  }
});

test('a long axis shows as many labels as there is room for', () => {
  const { markup } = chartSvg('line', matrix([Array.from({ length: 60 }, (_, n) => n)]), words);
  expect([...markup.matchAll(/text-anchor="middle"/g)].length).toBeLessThanOrEqual(13);
  expect(numbersOf(markup, 'cx', 'circle')).toHaveLength(60);
});

test('names cannot break out of the picture', () => {
  const evil = { ...matrix([[1]]), series: [{ name: '<script>"x', values: [1] }] };
  expect(chartSvg('bar', evil, { ...words, title: '"><b>' }).markup).not.toMatch(/<script>|"><b>/);
});

test('more series than colours: the smaller ones are one, and nothing is lost', () => {
  const many = matrix(Array.from({ length: 12 }, (_, n) => [12 - n]));
  const shown = withRest(many, 8, 'その他');
  expect(shown.series).toHaveLength(8);
  expect(shown.series.at(-1)).toEqual({ name: 'その他', values: [5 + 4 + 3 + 2 + 1] });
  expect(withRest(matrix([[1], [2]]), 8, 'その他').series).toHaveLength(2);
});
