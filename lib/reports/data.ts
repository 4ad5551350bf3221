import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { findJob } from '../jobs/store.ts';
import type { Language } from '../pages/words.ts';
import { toNumber } from './amount.ts';
import { bucketOf } from './bucket.ts';
import { keysOf } from './cell.ts';
import { dateOf } from './contribution.ts';
import { counterIdOf } from './contribution-store.ts';
import { type Counter, readCounters } from './counter-store.ts';
import { labelsOf } from './labels.ts';
import type { ReportData, Row } from './report-data.ts';
import { isComplete, type Report } from './schema.ts';

/** Days, both included; whole buckets, because a counter cannot be cut. */
export type Range = { readonly from?: string | undefined; readonly to?: string | undefined };

/** The figures of a report: one query over its counters, whatever the number of records. @throws CrmError 400 */
export async function readData(app: App, report: Report, range: Range, language: Language): Promise<ReportData> {
  const asOf = app.now();
  const complete = isComplete(report);
  const [counters, { columns, label }, job] = await Promise.all([
    readCounters(app, counterIdOf(report), bucketsOf(report, range)),
    labelsOf(app, report, language),
    complete ? undefined : findJob(app, report.jobId),
  ]);
  const progress = job && { done: job.done, ...(job.total !== undefined && { total: job.total }) };
  const rows = counters
    .filter(({ count }) => count > 0)
    .map((counter): Row => {
      const keys = report.definition.groupBy.length === 0 ? [] : keysOf(counter.cell);
      const bucket = dateOf(report) && keys[0];
      const labels = keys.map((key, position) => label(position, key, bucket));
      const labelsNow = keys.map((key, position) => label(position, key));
      const renamed = labels.some((each, position) => each !== labelsNow[position]);
      return { keys, labels, ...(renamed && { labelsNow }), ...figureOf(report, counter) };
    });
  return { columns: [...columns], rows: withTotal(report, rows), asOf, complete, ...(progress && { progress }) };
}

/** A report without groups is one number, also when it is nought. */
const withTotal = ({ definition }: Report, rows: Row[]): Row[] =>
  definition.groupBy.length === 0 && rows.length === 0 ? [{ keys: [], labels: [], value: 0, count: 0 }] : rows;

function figureOf({ definition: { measure } }: Report, { count, ...sum }: Counter): Pick<Row, 'value' | 'count'> {
  switch (measure.type) {
    case 'COUNT':
      return { value: count, count };
    case 'SUM':
      return { value: toNumber(sum), count };
    // The amounts are what each score adds to the mean, so that NPS is promoters less detractors in hundred answers.
    case 'NPS':
    case 'CES':
    case 'CSAT':
    case 'AVG':
      return { value: Number((toNumber(sum) / count).toFixed(6)), count };
  }
}

function bucketsOf(report: Report, { from, to }: Range): Range {
  if (from === undefined && to === undefined) return {};
  const group = dateOf(report);
  if (!group) throw new CrmError('VALIDATION_ERROR', 'from, to: the report is not grouped by a date');
  const cut = { unit: group.unit, weekStart: report.definition.weekStart };
  return { ...(from && { from: bucketOf(from, cut) }), ...(to && { to: bucketOf(to, cut) }) };
}
