import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { sliceOf } from '../core/page.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { dashboardKey, dashboardPartition } from '../table/keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { listTeams } from '../users/store.ts';
import { Dashboard, type DashboardInput, type DashboardPatch } from './dashboard.ts';
import { readReports } from './read-store.ts';

const notFound = (id: string) =>
  new CrmError('OBJECT_NOT_FOUND', `No dashboard with ID ${id} exists`, { context: { dashboardId: [id] } });

export const findDashboard = (app: App, id: string): Promise<Dashboard | undefined> =>
  app.table.get(dashboardKey(id), Dashboard);

/** @throws CrmError 404 */
export async function readDashboard(app: App, id: string): Promise<Dashboard> {
  const dashboard = await findDashboard(app, id);
  if (!dashboard) throw notFound(id);
  return dashboard;
}

export async function listDashboards(app: App, { after, limit }: { after?: string; limit: number }) {
  return sliceOf(await app.table.all({ pk: dashboardPartition, prefix: 'dashboard#' }, Dashboard), after, limit);
}

const put = (dashboard: Dashboard, before?: Dashboard) =>
  orStale({
    put: { ...dashboardKey(dashboard.id), entity: 'dashboard', ...dashboard },
    when: before ? versionIs(before.version) : absent,
  });

/** @throws CrmError 400 for a report or team that there is not */
export async function createDashboard(app: App, input: DashboardInput): Promise<Dashboard> {
  await requireKnown(app, input);
  const now = app.now();
  const dashboard = { ...input, id: app.newId(), version: 1, createdAt: now, updatedAt: now };
  await commitOrThrow(app.table, [put(dashboard)]);
  return dashboard;
}

/** @throws CrmError 400, 404 */
export const changeDashboard = (app: App, id: string, patch: DashboardPatch): Promise<Dashboard> =>
  contend(async () => {
    const before = await readDashboard(app, id);
    await requireKnown(app, patch);
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const after: Dashboard = { ...before, ...given, version: before.version + 1, updatedAt: app.now() };
    await commitOrThrow(app.table, [put(after, before)]);
    return after;
  });

/** Links to it lead nowhere then; its reports stay. @throws CrmError 404 */
export const removeDashboard = (app: App, id: string): Promise<void> =>
  contend(async () => {
    const { version } = await readDashboard(app, id);
    await commitOrThrow(app.table, [orStale({ remove: dashboardKey(id), when: versionIs(version) })]);
  });

async function requireKnown(app: App, { tiles = [], sharedWithTeams = [] }: DashboardPatch): Promise<void> {
  const [reports, teams] = await Promise.all([
    readReports(
      app,
      tiles.map(({ reportId }) => reportId),
    ),
    sharedWithTeams.length > 0 ? listTeams(app) : [],
  ]);
  const noReports = tiles.map(({ reportId }) => reportId).filter((id) => !reports.has(id));
  const noTeams = sharedWithTeams.filter((id) => !teams.some((team) => team.id === id));
  if (noReports.length === 0 && noTeams.length === 0) return;
  const problems = [...noReports.map((id) => `no report ${id}`), ...noTeams.map((id) => `no team ${id}`)];
  throw new CrmError('VALIDATION_ERROR', `Invalid input: there is ${problems.join(', ')}`, {
    context: {
      ...(noReports.length > 0 && { tiles: noReports }),
      ...(noTeams.length > 0 && { sharedWithTeams: noTeams }),
    },
  });
}
