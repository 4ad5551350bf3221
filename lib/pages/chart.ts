import { scaleBand, scaleLinear } from 'd3-scale';
import type { Matrix } from '../reports/matrix.ts';
import { attributes, type Html, html } from './html.ts';

/** As many series have a colour of their own. */
export const seriesColours = 8;

const width = 640;
const height = 280;
const inset = { top: 12, right: 12, bottom: 34, left: 52 };
const labelWidth = 46;

export type ChartWords = { readonly title: string; readonly number: (value: number) => string };

type Plot = {
  readonly x: (key: string) => number;
  readonly bandwidth: number;
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
};

/** A chart as one SVG picture. Colours come from the page's classes, so that they follow the screen's light or dark. */
export function chartSvg(kind: 'bar' | 'line', matrix: Matrix, words: ChartWords): Html {
  const stacked = kind === 'bar' && matrix.series.every(({ values }) => values.every((value) => value >= 0));
  const plot = plotOf(matrix, stacked);
  const marks = kind === 'line' ? lines(matrix, plot) : stacked ? stacks(matrix, plot) : groups(matrix, plot);
  return html`<svg${attributes({ class: 'chart', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': words.title })}>${axisY(plot, words)}${axisX(matrix, plot)}${marks}</svg>`;
}

function plotOf({ categories, series }: Matrix, stacked: boolean): Plot {
  const heights = categories.map((_, position) => series.map(({ values }) => values[position] ?? 0));
  const tops = heights.map((values) =>
    stacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values),
  );
  const lowest = Math.min(0, ...heights.flat());
  const y = scaleLinear()
    .domain([lowest, Math.max(1, ...tops)])
    .nice(4)
    .range([height - inset.bottom, inset.top]);
  const x = scaleBand<string>()
    .domain(categories.map(({ key }) => key))
    .range([inset.left, width - inset.right])
    .padding(0.25);
  const whole = heights.flat().every(Number.isInteger);
  const ticks = y.ticks(4).filter((tick) => !whole || Number.isInteger(tick));
  return { x: (key) => x(key) ?? 0, bandwidth: x.bandwidth(), y: (value) => y(value), ticks };
}

const axisY = ({ y, ticks }: Plot, { number }: ChartWords): Html[] =>
  ticks.map((tick) => {
    const line = attributes({
      class: 'grid',
      x1: inset.left,
      x2: width - inset.right,
      y1: at(y(tick)),
      y2: at(y(tick)),
    });
    const text = attributes({ class: 'tick', x: inset.left - 8, y: at(y(tick) + 4), 'text-anchor': 'end' });
    return html`<line${line} /><text${text}>${number(tick)}</text>`;
  });

/** As many labels as there is room for, evenly chosen. */
function axisX({ categories }: Matrix, { x, bandwidth }: Plot): Html[] {
  const room = Math.max(1, Math.floor((width - inset.left - inset.right) / labelWidth));
  const step = Math.ceil(categories.length / room);
  return categories
    .filter((_, position) => position % step === 0)
    .map(({ key, short }) => {
      const place = {
        class: 'tick',
        x: at(x(key) + bandwidth / 2),
        y: height - inset.bottom + 20,
        'text-anchor': 'middle',
      };
      return html`<text${attributes(place)}>${cut(short)}</text>`;
    });
}

const cut = (label: string) => (label.length > 9 ? `${label.slice(0, 8)}…` : label);

function stacks({ categories, series }: Matrix, { x, bandwidth, y }: Plot): Html[] {
  return categories.flatMap(({ key, label }, position) => {
    let base = 0;
    return series.map(({ name, values }, colour) => {
      const value = values[position] ?? 0;
      const from = base;
      base += value;
      const place = { left: x(key), width: bandwidth, from: y(from), to: y(base) };
      return value === 0 ? html`` : barSvg(place, colour, `${label} ${name}: ${value}`);
    });
  });
}

function groups({ categories, series }: Matrix, { x, bandwidth, y }: Plot): Html[] {
  const each = bandwidth / Math.max(1, series.length);
  return categories.flatMap(({ key, label }, position) =>
    series.map(({ name, values }, colour) => {
      const value = values[position] ?? 0;
      const place = { left: x(key) + each * colour, width: each, from: y(0), to: y(value) };
      return barSvg(place, colour, `${label} ${name}: ${value}`);
    }),
  );
}

type Place = { readonly left: number; readonly width: number; readonly from: number; readonly to: number };

function barSvg({ left, width, from, to }: Place, colour: number, title: string): Html {
  const place = { x: at(left), y: at(Math.min(from, to)), width: at(width), height: at(Math.abs(from - to)) };
  return html`<rect${attributes({ class: `fill s${colour % seriesColours}`, ...place })}><title>${title}</title></rect>`;
}

function lines({ categories, series }: Matrix, { x, bandwidth, y }: Plot): Html[] {
  return series.flatMap(({ name, values }, colour) => {
    const points = categories.map(({ key, label }, position) => ({
      label,
      value: values[position] ?? 0,
      cx: at(x(key) + bandwidth / 2),
      cy: at(y(values[position] ?? 0)),
    }));
    const kind = `s${colour % seriesColours}`;
    const path = attributes({ class: `stroke ${kind}`, points: points.map(({ cx, cy }) => `${cx},${cy}`).join(' ') });
    const dots = points.map(
      ({ label, value, cx, cy }) =>
        html`<circle${attributes({ class: `fill ${kind}`, cx, cy, r: 3 })}><title>${label} ${name}: ${value}</title></circle>`,
    );
    return [html`<polyline${path} />`, ...dots];
  });
}

const at = (place: number) => Math.round(place * 10) / 10;
