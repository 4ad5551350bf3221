import type { App } from '../core/app.ts';
import { dayIn } from '../flows/zoned-time.ts';
import type { Language } from '../pages/words.ts';
import { inParallel } from '../table/in-parallel.ts';
import { bucketAfter, bucketOf } from './bucket.ts';
import { dateOf } from './contribution.ts';
import type { Dashboard } from './dashboard.ts';
import { type Range, readData } from './data.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import { readReports } from './read-store.ts';
import type { ReportData } from './report-data.ts';
import type { Chart, DateUnit, Report } from './schema.ts';

/** A tile with its figures; without a report when that was deleted. */
export type Tile = {
  readonly width: number;
  readonly shown?: {
    readonly report: Report;
    readonly data: ReportData;
    readonly matrix: Matrix;
    readonly chart: Chart;
  };
};

const tilesAtOnce = 8;
/** How far a tile looks back when nobody asks for a period. */
const usualBuckets: Readonly<Record<DateUnit, number>> = { day: 30, week: 12, month: 12, quarter: 8, fiscalYear: 5 };

/** Every tile of a dashboard: one read for all reports, one query for each tile. */
export async function readTiles(
  app: App,
  dashboard: Pick<Dashboard, 'tiles'>,
  asked: Range,
  language: Language,
): Promise<Tile[]> {
  const reports = await readReports(
    app,
    dashboard.tiles.map(({ reportId }) => reportId),
  );
  return inParallel(dashboard.tiles, tilesAtOnce, async ({ reportId, chart, width }): Promise<Tile> => {
    const report = reports.get(reportId);
    if (!report) return { width };
    const range = bucketsOf(report, asked, app.now());
    const data = await readData(app, report, range ?? {}, language);
    const matrix = matrixOf(report, data, range, language);
    return { width, shown: { report, data, matrix, chart: chart ?? report.definition.chart } };
  });
}

/** The first and the last bucket of a tile; undefined for a report that knows no dates. */
function bucketsOf(report: Report, { from, to }: Range, now: string): { from: string; to: string } | undefined {
  const group = dateOf(report);
  if (!group) return undefined;
  const { weekStart, timeZone } = report.definition;
  const cut = { unit: group.unit, weekStart };
  const last = bucketOf(to ?? dayIn(Date.parse(now), timeZone), cut);
  return { from: from ? bucketOf(from, cut) : bucketAfter(last, cut, 1 - usualBuckets[group.unit]), to: last };
}
