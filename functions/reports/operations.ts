import * as z from 'zod/mini';
import { Attribution, AttributionQuery, AttributionRecordsQuery } from '../../lib/attribution/query.ts';
import { operations } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';
import { PublicRecordPage } from '../../lib/objects/schema.ts';
import { DashboardInput, DashboardPatch, PublicDashboard, ShareInput } from '../../lib/reports/dashboard.ts';
import { DataQuery, RecordsQuery } from '../../lib/reports/query.ts';
import { ReportData } from '../../lib/reports/report-data.ts';
import { PublicReport, ReportInput, ReportPatch } from '../../lib/reports/schema.ts';
import { Verification } from '../../lib/reports/verification.ts';

const path = z.object({ reportId: z.string() });
const dashboardPath = z.object({ dashboardId: z.string() });
const query = z.object({ after: z.optional(cursor), limit: limitOf(100, 500) });
const jobId = z.string();

const read = { scope: 'reports', status: 200, uses: ['table:read'] } as const;
const write = { scope: 'reports', status: 200, uses: ['table:read', 'table:write'] } as const;
const count = { ...write, uses: ['table:read', 'table:write', 'queue:jobs'] } as const;

export const reports = operations('reports', {
  create: {
    ...count,
    route: 'POST /reports/v1/reports',
    summary: 'Define a report; what is there already is counted by a job',
    body: ReportInput,
    status: 201,
    output: PublicReport,
  },
  list: {
    ...read,
    route: 'GET /reports/v1/reports',
    summary: 'List reports',
    query,
    output: z.object({ results: z.array(PublicReport), paging: z.optional(Paging) }),
  },
  get: {
    ...read,
    route: 'GET /reports/v1/reports/{reportId}',
    summary: 'Read a report',
    path,
    output: PublicReport,
  },
  update: {
    ...count,
    route: 'PATCH /reports/v1/reports/{reportId}',
    summary: 'Change a report; another way of counting begins anew',
    path,
    body: ReportPatch,
    output: PublicReport,
  },
  remove: {
    ...write,
    route: 'DELETE /reports/v1/reports/{reportId}',
    summary: 'Delete a report and its counters',
    path,
    status: 204,
  },
  data: {
    ...read,
    route: 'GET /reports/v1/reports/{reportId}/data',
    summary: 'The figures of a report, in whole buckets of the period',
    path,
    query: DataQuery,
    output: ReportData,
  },
  records: {
    ...read,
    route: 'GET /reports/v1/reports/{reportId}/records',
    summary: 'Exactly the records behind a cell; the token needs the right to read them, too',
    path,
    query: RecordsQuery,
    output: PublicRecordPage,
  },
  verify: {
    ...count,
    route: 'POST /reports/v1/reports/{reportId}/verify',
    summary: 'Recount a report: the result when it takes seconds, otherwise a job',
    path,
    status: [200, 202],
    output: z.union([z.extend(Verification, { jobId }), z.object({ jobId })]),
    timeoutSeconds: 28,
    memoryMb: 1024,
  },
  recount: {
    ...count,
    route: 'POST /reports/v1/reports/{reportId}/recount',
    summary: 'Count a report anew from its records',
    path,
    status: 202,
    output: z.object({ jobId }),
  },
  attribution: {
    ...read,
    route: 'GET /reports/v1/attribution',
    summary: 'What first attracted people, and how many became leads, opportunities and customers, with their revenue',
    query: AttributionQuery,
    output: Attribution,
  },
  attributionRecords: {
    ...read,
    route: 'GET /reports/v1/attribution/records',
    summary:
      'Exactly the contacts, or deals, behind a figure of the attribution; the token needs the right to read them, too',
    query: AttributionRecordsQuery,
    output: PublicRecordPage,
  },
  recountAttribution: {
    ...count,
    route: 'POST /reports/v1/attribution/recount',
    summary: 'Look at every contact and deal again',
    status: 202,
    output: z.object({ jobId }),
  },
  createDashboard: {
    ...write,
    route: 'POST /reports/v1/dashboards',
    summary: 'Make a dashboard of reports',
    body: DashboardInput,
    status: 201,
    output: PublicDashboard,
  },
  listDashboards: {
    ...read,
    route: 'GET /reports/v1/dashboards',
    summary: 'List dashboards',
    query,
    output: z.object({ results: z.array(PublicDashboard), paging: z.optional(Paging) }),
  },
  getDashboard: {
    ...read,
    route: 'GET /reports/v1/dashboards/{dashboardId}',
    summary: 'Read a dashboard',
    path: dashboardPath,
    output: PublicDashboard,
  },
  updateDashboard: {
    ...write,
    route: 'PATCH /reports/v1/dashboards/{dashboardId}',
    summary: 'Change a dashboard',
    path: dashboardPath,
    body: DashboardPatch,
    output: PublicDashboard,
  },
  removeDashboard: {
    ...write,
    route: 'DELETE /reports/v1/dashboards/{dashboardId}',
    summary: 'Delete a dashboard; links to it lead nowhere then',
    path: dashboardPath,
    status: 204,
  },
  shareDashboard: {
    ...read,
    route: 'POST /reports/v1/dashboards/{dashboardId}/share',
    summary: 'A signed link that shows the dashboard until a time within a year',
    path: dashboardPath,
    body: ShareInput,
    output: z.object({ url: z.string(), expiresAt: z.string() }),
    uses: ['table:read', 'secret:link-keys:read', 'public-url'],
  },
});
