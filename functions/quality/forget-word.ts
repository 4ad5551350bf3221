import { handle } from '../../lib/core/handle.ts';
import { forgetWord } from '../../lib/quality/learn.ts';
import { quality } from './operations.ts';

export const handler = handle(quality.forgetWord, async ({ query }, app) => {
  await forgetWord(app, query.word);
  return undefined;
});
