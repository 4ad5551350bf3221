import { type Matrix, withRest } from '../reports/matrix.ts';
import type { ReportData } from '../reports/report-data.ts';
import { type Chart, isScoreMeasure, type Report } from '../reports/schema.ts';
import { chartSvg, seriesColours } from './chart.ts';
import { dashboardWords } from './dashboard-words.ts';
import { attributes, type Html, html } from './html.ts';
import type { Language } from './words.ts';

export type TileView = {
  readonly report: Report;
  readonly data: ReportData;
  readonly matrix: Matrix;
  readonly chart: Chart;
  readonly width: number;
  readonly position: number;
};

const numberIn = (language: Language) => {
  const format = new Intl.NumberFormat(language === 'ja' ? 'ja-JP' : 'en-GB', { maximumFractionDigits: 2 });
  return (value: number) => format.format(value);
};

/** One report: its chart, and the same figures as a table, which everybody can read. */
export function tileHtml(view: TileView, language: Language): Html {
  const { report, matrix, width, position } = view;
  const heading = `tile-${position}`;
  return html`<section${attributes({ class: `tile w${width}`, 'aria-labelledby': heading })}><h2 id="${heading}">${report.definition.name}</h2>${countingNote(view, language)}${matrix.categories.length === 0 && view.chart !== 'number' ? html`<p class="note">${dashboardWords(language).noRecords}</p>` : figuresHtml(view, language)}</section>`;
}

function countingNote({ data }: TileView, language: Language): Html | false {
  if (data.complete) return false;
  const number = numberIn(language);
  const { done = 0, total } = data.progress ?? {};
  return html`<p class="note" role="status">${dashboardWords(language).counting(number(done), total ? number(total) : undefined)}</p>`;
}

function figuresHtml(view: TileView, language: Language): Html {
  switch (view.chart) {
    case 'number':
      return html`${bigNumber(view, language)}${view.matrix.series.length > 1 && tableHtml(view, language)}`;
    case 'table':
      return tableHtml(view, language);
    case 'bar':
    case 'line':
      return html`${chartHtml(view, view.chart, language)}${tableHtml(view, language)}`;
  }
}

/** Averages and scores do not add up. */
const isMean = (type: string): boolean => type === 'AVG' || isScoreMeasure(type);

/** The whole of what is shown; an average of all records, not of averages. */
function bigNumber({ report, data }: TileView, language: Language): Html {
  const { type } = report.definition.measure;
  const sum = (of: (row: ReportData['rows'][number]) => number) => data.rows.reduce((total, row) => total + of(row), 0);
  const records = sum(({ count }) => count);
  const value = isMean(type)
    ? sum(({ value, count }) => value * count) / Math.max(1, records)
    : sum((row) => row.value);
  return html`<p class="figure">${numberIn(language)(value)}${type === 'COUNT' && html`<small>${dashboardWords(language).records}</small>`}</p>`;
}

function chartHtml({ report, matrix }: TileView, kind: 'bar' | 'line', language: Language): Html {
  const shown = withRest(matrix, seriesColours, dashboardWords(language).rest);
  const words = { title: report.definition.name, number: numberIn(language) };
  const legend = shown.series.map(
    ({ name }, colour) =>
      html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="fill s${colour}" width="10" height="10" rx="2" /></svg>${name}</li>`,
  );
  return html`<div class="scroll" tabindex="0" role="group"${attributes({ 'aria-label': report.definition.name })}>${chartSvg(kind, shown, words)}</div>${shown.series.length > 1 && html`<ul class="legend">${legend}</ul>`}`;
}

function tableHtml({ report, data, matrix }: TileView, language: Language): Html {
  const { categories, series } = matrix;
  const words = dashboardWords(language);
  const number = numberIn(language);
  const adds = !isMean(report.definition.measure.type);
  const sumOf = (values: readonly number[]) => number(values.reduce((sum, value) => sum + value, 0));
  const across = adds && series.length > 1;
  const head = html`<tr><th scope="col">${data.columns[0]?.label ?? ''}</th>${series.map(({ name }) => html`<th scope="col">${name}</th>`)}${across && html`<th scope="col">${words.total}</th>`}</tr>`;
  const rows = categories.map(({ label }, position) => {
    const values = series.map((each) => each.values[position] ?? 0);
    return html`<tr><th scope="row">${label}</th>${values.map((value) => html`<td>${number(value)}</td>`)}${across && html`<td>${sumOf(values)}</td>`}</tr>`;
  });
  const foot =
    adds &&
    html`<tfoot><tr><th scope="row">${words.total}</th>${series.map(({ values }) => html`<td>${sumOf(values)}</td>`)}${across && html`<td>${sumOf(series.flatMap(({ values }) => values))}</td>`}</tr></tfoot>`;
  const label = words.figures(report.definition.name);
  return html`<div class="scroll" tabindex="0" role="group"${attributes({ 'aria-label': label })}><table><caption>${label}</caption><thead>${head}</thead><tbody>${rows}</tbody>${foot}</table></div>`;
}
