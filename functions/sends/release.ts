import { handle } from '../../lib/core/handle.ts';
import { releaseUnknown } from '../../lib/sends/release.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.release, ({ path }, app) => releaseUnknown(app, path.sendId));
