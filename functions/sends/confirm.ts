import { handle } from '../../lib/core/handle.ts';
import { confirmSend } from '../../lib/sends/confirm.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.confirm, ({ path }, app) => confirmSend(app, path.sendId));
