import type { Language } from '../pages/words.ts';
import { bucketsBetween } from './bucket.ts';
import { bucketLabel, shortBucketLabel } from './bucket-label.ts';
import { dateOf } from './contribution.ts';
import type { ReportData, Row } from './report-data.ts';
import type { Report } from './schema.ts';

type Category = { readonly key: string; readonly label: string; readonly short: string };
type Series = { readonly name: string; readonly values: readonly number[] };

/** A report's figures as a chart and a table show them: the first group across, what is left as series. */
export type Matrix = { readonly categories: readonly Category[]; readonly series: readonly Series[] };

/**
 * Buckets without records are there too, as noughts: a week without enquiries is a fact. `range` is in buckets. A series is called as it
 * was in all of its buckets, or as it is today when it was renamed between them.
 */
export function matrixOf(
  report: Report,
  { rows, columns }: Pick<ReportData, 'rows' | 'columns'>,
  range: { readonly from: string; readonly to: string } | undefined,
  language: Language,
): Matrix {
  const categories = categoriesOf(report, rows, range, language);
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const id = JSON.stringify(row.keys.slice(1));
    const group = groups.get(id) ?? [];
    group.push(row);
    groups.set(id, group);
  }
  const series = [...groups.values()].map((group) => {
    const values = new Map(group.map(({ keys, value }) => [keys[0] ?? '', value]));
    return {
      name: nameOf(group) || (columns.at(-1)?.label ?? ''),
      values: categories.map(({ key }) => values.get(key) ?? 0),
    };
  });
  return { categories, series: series.toSorted((one, other) => totalOf(other) - totalOf(one)) };
}

function nameOf(rows: readonly Row[]): string {
  const join = (labels: readonly string[] = []) => labels.slice(1).join(' / ');
  const names = [...new Set(rows.map(({ labels }) => join(labels)))];
  const [last] = rows.slice(-1);
  return names.length > 1 ? join(last?.labelsNow ?? last?.labels) : (names[0] ?? '');
}

const totalOf = ({ values }: Series) => values.reduce((sum, value) => sum + value, 0);

function categoriesOf(
  report: Report,
  rows: readonly Row[],
  range: { readonly from: string; readonly to: string } | undefined,
  language: Language,
): Category[] {
  const group = dateOf(report);
  if (group && range) {
    const cut = { unit: group.unit, weekStart: report.definition.weekStart };
    return bucketsBetween(range.from, range.to, cut).map((key) => ({
      key,
      label: bucketLabel(key, group.unit, language),
      short: shortBucketLabel(key, group.unit, language),
    }));
  }
  const labels = new Map(rows.map(({ keys, labels }) => [keys[0] ?? '', labels[0] ?? '']));
  return [...labels].map(([key, label]) => ({ key, label, short: label }));
}

/** The series that a chart can tell apart, the smaller ones together as one. */
export function withRest({ categories, series }: Matrix, most: number, restName: string): Matrix {
  if (series.length <= most) return { categories, series };
  const kept = series.slice(0, most - 1);
  const rest = series.slice(most - 1);
  const values = categories.map((_, position) => rest.reduce((sum, each) => sum + (each.values[position] ?? 0), 0));
  return { categories, series: [...kept, { name: restName, values }] };
}
