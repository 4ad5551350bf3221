import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { ExportRequest, ExportStatus, PublicExport } from '../../lib/exports/schema.ts';

const scope = 'crm.export';

export const exports = operations('exports', {
  start: {
    route: 'POST /crm/v3/exports/export/async',
    summary: 'Begin an export of a view or a list',
    scope,
    body: ExportRequest,
    status: 202,
    output: z.object({ id: z.string(), links: z.record(z.string(), z.string()) }),
    uses: ['table:read', 'table:write', 'queue:jobs'],
  },
  status: {
    route: 'GET /crm/v3/exports/export/async/tasks/{taskId}/status',
    summary: 'How far an export is, and where its file is read',
    scope,
    path: z.object({ taskId: z.string() }),
    status: 200,
    output: ExportStatus,
    uses: ['table:read', 'files:read'],
  },
  get: {
    route: 'GET /crm/v3/exports/export/{exportId}',
    summary: 'Read what an export was asked for',
    scope,
    path: z.object({ exportId: z.string() }),
    status: 200,
    output: PublicExport,
    uses: ['table:read'],
  },
});
