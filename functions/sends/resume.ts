import { handle } from '../../lib/core/handle.ts';
import { resumeSend } from '../../lib/sends/control.ts';
import { withTotals } from '../../lib/sends/read.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.resume, async ({ path }, app) =>
  withTotals(app, await resumeSend(app, path.sendId)),
);
