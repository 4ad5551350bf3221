import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { listWords } from '../../lib/quality/words-store.ts';
import { quality } from './operations.ts';

export const handler = handle(quality.listWords, async ({ query, request }, app) => {
  const { words, after } = await listWords(app, query);
  return pageOf(words, after, request);
});
