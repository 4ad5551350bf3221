import { mailUsageReport } from '../../lib/associations/usage-report.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.mailUsageReport, async ({ path }, app) => mailUsageReport(app, path.userId));
