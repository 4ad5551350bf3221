import { handle } from '../../lib/core/handle.ts';
import { leadOn } from '../../lib/engagement/answer.ts';
import { engagement } from './operations.ts';

export const handler = handle(engagement.click, ({ path, query, request }, app) =>
  leadOn(app, path.token, { request, asked: query.lang }),
);
