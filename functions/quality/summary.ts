import { handle } from '../../lib/core/handle.ts';
import { summariseFindings } from '../../lib/quality/findings-store.ts';
import { quality } from './operations.ts';

export const handler = handle(quality.summary, (_, app) => summariseFindings(app));
