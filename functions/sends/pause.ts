import { handle } from '../../lib/core/handle.ts';
import { pauseSend } from '../../lib/sends/control.ts';
import { withTotals } from '../../lib/sends/read.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.pause, async ({ path }, app) => withTotals(app, await pauseSend(app, path.sendId)));
