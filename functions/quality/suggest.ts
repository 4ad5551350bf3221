import { handle } from '../../lib/core/handle.ts';
import { withCompany } from '../../lib/quality/company-named.ts';
import { suggestName } from '../../lib/quality/suggest.ts';
import { currentWords } from '../../lib/quality/words-store.ts';
import { quality } from './operations.ts';

export const handler = handle(quality.suggest, async ({ body }, app) => {
  const suggestion = suggestName(body, await currentWords(app));
  return { ...suggestion, ...(await withCompany(app, suggestion, body)) };
});
