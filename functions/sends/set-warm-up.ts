import { handle } from '../../lib/core/handle.ts';
import { setWarmUp } from '../../lib/sends/warm-up.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.setWarmUp, ({ body }, app) => setWarmUp(app, body));
