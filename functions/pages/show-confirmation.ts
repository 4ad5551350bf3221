import { handle, Reply } from '../../lib/core/handle.ts';
import { orBusyPage } from '../../lib/pages/busy.ts';
import { openConfirmation, showConfirmation } from '../../lib/pages/confirm-page.ts';
import { languageOf } from '../../lib/pages/layout.ts';
import { pages } from './operations.ts';

export const handler = handle(pages.showConfirmation, ({ path, query, request }, app) => {
  const language = languageOf(request, query.lang, 'ja');
  return orBusyPage(language, async () => {
    const open = await openConfirmation(app, path.token, language);
    return open instanceof Reply ? open : showConfirmation(app, open);
  });
});
