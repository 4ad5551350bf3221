import { handle } from '../../lib/core/handle.ts';
import { showPicture } from '../../lib/engagement/answer.ts';
import { engagement } from './operations.ts';

export const handler = handle(engagement.open, ({ path, request }, app) => showPicture(app, path.token, request));
