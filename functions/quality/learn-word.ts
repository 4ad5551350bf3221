import { handle } from '../../lib/core/handle.ts';
import { learnWord } from '../../lib/quality/learn.ts';
import { quality } from './operations.ts';

export const handler = handle(quality.learnWord, ({ body }, app) => learnWord(app, body));
