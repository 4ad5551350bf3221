import { handle } from '../../lib/core/handle.ts';
import { toPublicReport } from '../../lib/reports/schema.ts';
import { createReport } from '../../lib/reports/store.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.create, async ({ body }, app) => toPublicReport(await createReport(app, body)));
