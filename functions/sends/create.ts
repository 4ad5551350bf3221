import { handle } from '../../lib/core/handle.ts';
import { createSend } from '../../lib/sends/create.ts';
import { withTotals } from '../../lib/sends/read.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.create, async ({ body }, app) => withTotals(app, await createSend(app, body)));
