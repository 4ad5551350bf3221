import { handle } from '../../lib/core/handle.ts';
import { showSend } from '../../lib/sends/read.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.get, ({ path }, app) => showSend(app, path.sendId));
