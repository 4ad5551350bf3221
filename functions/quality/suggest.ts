import { handle } from '../../lib/core/handle.ts';
import { suggestName } from '../../lib/quality/suggest.ts';
import { currentWords } from '../../lib/quality/words-store.ts';
import { quality } from './operations.ts';

export const handler = handle(quality.suggest, async ({ body }, app) => suggestName(body, await currentWords(app)));
