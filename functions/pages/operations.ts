import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';

const path = z.object({ formId: z.string() });

export const pages = operations('pages', {
  showForm: {
    route: 'GET /f/{formId}',
    summary: 'The page of a form',
    scope: 'public',
    path,
    query: z.record(z.string(), z.string()),
    status: 200,
    uses: ['table:read'],
  },
  submitForm: {
    route: 'POST /f/{formId}',
    summary: 'Takes what a browser posts from the page of a form',
    scope: 'public',
    path,
    query: z.record(z.string(), z.string()),
    rawBody: true,
    status: 303,
    maxBodyBytes: 32 * 1024 * 1024,
    uses: ['table:read', 'table:write'],
  },
  showDashboard: {
    route: 'GET /d/{dashboardId}',
    summary: 'The page of a dashboard, for a signed link or an access token',
    scope: 'public',
    path: z.object({ dashboardId: z.string() }),
    query: z.record(z.string(), z.string()),
    status: 200,
    uses: ['table:read', 'secret:link-keys:read'],
    memoryMb: 1024,
  },
});
