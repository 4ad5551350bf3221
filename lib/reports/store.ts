import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { countKey, reportKey, reportListenerKey, reportListenerPartition } from '../table/keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { counterIdOf } from './contribution-store.ts';
import { type Compiled, compileReport, countsTheSame } from './definition.ts';
import { backfillKind, cleanupKind } from './job-kinds.ts';
import { readReport } from './read-store.ts';
import type { Report, ReportInput, ReportPatch } from './schema.ts';

const Count = z.object({ records: z._default(z.number(), 0) });

/** No invocation that knew an old definition lives this long: what is cleaned up then does not grow again. */
const cleanupAfterMs = 3 * 60_000;

/** Each report of a type is written to by each change of a record that it looks at: more would make writes dear and late. */
const mostOfOneType = 50;

/** Makes a report and starts the count of what is there already. @throws CrmError 400 that names every problem */
export async function createReport(app: App, input: ReportInput): Promise<Report> {
  const definition = await compileReport(app, input);
  await requireRoom(app, definition.definition.objectType);
  const now = app.now();
  const report = { id: app.newId(), generation: 1, version: 1, createdAt: now, updatedAt: now };
  return startCounting(app, { ...report, ...definition }, []);
}

async function requireRoom(app: App, objectType: string): Promise<void> {
  const known = await app.table.all({ pk: reportListenerPartition(objectType) }, z.object({ sk: z.string() }));
  if (known.length < mostOfOneType) return;
  throw new CrmError('VALIDATION_ERROR', `An object type may have ${mostOfOneType} reports`, {
    subCategory: 'REPORT_LIMIT_REACHED',
  });
}

/** Changes a report. A definition that counts otherwise begins anew, with a generation of its own. @throws CrmError 400, 404 */
export const changeReport = (app: App, id: string, patch: ReportPatch): Promise<Report> =>
  contend(async () => {
    const before = await readReport(app, id);
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const definition = { ...before.definition, ...given };
    // What counts the same was checked when it was made; a property that has gone since does not keep it from being renamed.
    const compiled = countsTheSame(before.definition, definition) ? before : await compileReport(app, definition);
    if (!countsTheSame(before.definition, compiled.definition)) return countAnew(app, before, compiled);
    const named = { ...before.definition, name: definition.name, chart: definition.chart };
    const after: Report = { ...before, definition: named, version: before.version + 1, updatedAt: app.now() };
    await commitOrThrow(app.table, reportSteps(after, before));
    return after;
  });

/** Counts a report anew from its records, under keys of its own, for when a verification found differences. @throws CrmError 404 */
export const recountReport = (app: App, id: string): Promise<Report> =>
  contend(async () => {
    const before = await readReport(app, id);
    return countAnew(app, before, before);
  });

async function countAnew(app: App, before: Report, compiled: Compiled): Promise<Report> {
  const { ready: _, ...rest } = before;
  const { definition, types, moves, createdProperty } = compiled;
  const stamp = { version: before.version + 1, updatedAt: app.now() };
  const changed = { definition, types, moves, createdProperty, ...stamp };
  const moved = before.definition.objectType !== changed.definition.objectType;
  return startCounting(
    app,
    { ...rest, ...changed, generation: before.generation + 1 },
    [
      ...(moved ? [orStale({ remove: reportListenerKey(before.definition.objectType, before.id) })] : []),
      ...(await cleanupSteps(app, before)),
    ],
    before,
  );
}

async function startCounting(
  app: App,
  draft: Omit<Report, 'jobId'>,
  also: readonly Step[],
  before?: Report,
): Promise<Report> {
  const count = await app.table.get(countKey(draft.definition.objectType), Count);
  const { job, writes } = await jobWrites(app, {
    kind: backfillKind,
    input: { reportId: draft.id, generation: draft.generation },
    total: count?.records ?? 0,
  });
  const report: Report = { ...draft, jobId: job.id };
  await commitOrThrow(app.table, [...reportSteps(report, before), ...writes.map(orStale), ...also]);
  await announceJob(job);
  return report;
}

/** A report lies in two places, written together: by its id, and with the others of its type, where the projector finds it. */
function reportSteps(report: Report, before: Report | undefined): Step[] {
  const when = before ? versionIs(before.version) : absent;
  return [
    orStale({ put: { ...reportKey(report.id), entity: 'report', ...report }, when }),
    orStale({
      put: { ...reportListenerKey(report.definition.objectType, report.id), entity: 'report-listener', ...report },
    }),
  ];
}

async function cleanupSteps(app: App, report: Report): Promise<Step[]> {
  const at = new Date(Date.parse(app.now()) + cleanupAfterMs).toISOString();
  const { writes } = await jobWrites(app, { kind: cleanupKind, input: { counterId: counterIdOf(report) }, at });
  return writes.map(orStale);
}

/** Deletes a report; its counters are taken away a few minutes later. @throws CrmError 404 */
export const removeReport = (app: App, id: string): Promise<void> =>
  contend(async () => {
    const report = await readReport(app, id);
    await commitOrThrow(app.table, [
      orStale({ remove: reportKey(id), when: versionIs(report.version) }),
      orStale({ remove: reportListenerKey(report.definition.objectType, id) }),
      ...(await cleanupSteps(app, report)),
    ]);
  });
