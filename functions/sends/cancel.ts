import { handle } from '../../lib/core/handle.ts';
import { cancelSend } from '../../lib/sends/control.ts';
import { withTotals } from '../../lib/sends/read.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.cancel, async ({ path }, app) =>
  withTotals(app, await cancelSend(app, path.sendId)),
);
