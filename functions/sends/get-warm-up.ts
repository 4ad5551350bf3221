import { handle } from '../../lib/core/handle.ts';
import { showWarmUp } from '../../lib/sends/warm-up.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.getWarmUp, (_, app) => showWarmUp(app));
