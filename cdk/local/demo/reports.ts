import type { DemoClient } from './client.ts';

type Named = { readonly id: string; readonly name: string };
type PipelineList = { readonly results: readonly { readonly id: string; readonly label: string }[] };

const dashboardName = '【サクセス】問合せチーム';
const team = '問合せチーム';

/** The reports of the customer success team; each counts the tickets of its pipelines. */
const reportsOf = (pipelineIds: readonly string[]) => {
  const tickets = {
    objectType: 'tickets',
    filterGroups: [{ filters: [{ propertyName: 'hs_pipeline', operator: 'IN', values: pipelineIds }] }],
    measure: { type: 'COUNT' },
  };
  const week = { date: 'createdate', unit: 'week' };
  const month = { date: 'createdate', unit: 'month' };
  return [
    {
      ...tickets,
      name: '【サクセス】各週チケット発行件数(問合せ)',
      groupBy: [week, { property: 'hs_pipeline' }],
      chart: 'bar',
      width: 12,
    },
    {
      ...tickets,
      name: '【サクセス】月別・担当者別 問合せ件数',
      groupBy: [month, { property: 'hubspot_owner_id' }],
      ownerAt: 'creation',
      chart: 'table',
      width: 6,
    },
    {
      ...tickets,
      name: '【サクセス】月別・問合せ種別 件数',
      groupBy: [month, { property: 'inquiry_type' }],
      chart: 'line',
      width: 6,
    },
  ];
};

/** The team's reports and their dashboard, each made once. */
export async function loadReports(client: DemoClient): Promise<void> {
  const { results: dashboards } = await client.get<{ results: Named[] }>('/reports/v1/dashboards?limit=500');
  if (dashboards.some(({ name }) => name === dashboardName)) return;
  const { results: pipelines } = await client.get<PipelineList>('/crm/v3/pipelines/tickets');
  const mine = pipelines.filter(({ label }) => label.startsWith('【サクセス】')).map(({ id }) => id);
  const { results: known } = await client.get<{ results: Named[] }>('/reports/v1/reports?limit=500');
  const tiles = [];
  for (const { width, ...report } of reportsOf(mine)) {
    const made = known.find(({ name }) => name === report.name);
    const { id } = made ?? (await client.post<Named>('/reports/v1/reports', report));
    tiles.push({ reportId: id, chart: report.chart, width });
  }
  const { results: teams } = await client.get<{ results: Named[] }>('/settings/v3/users/teams');
  const sharedWithTeams = teams.filter(({ name }) => name === team).map(({ id }) => id);
  await client.post('/reports/v1/dashboards', { name: dashboardName, tiles, sharedWithTeams });
}
