import { handle, Reply } from '../../lib/core/handle.ts';
import { orBusyPage } from '../../lib/pages/busy.ts';
import { openLink, takeChoice } from '../../lib/pages/hosted-unsubscribe.ts';
import { languageOf } from '../../lib/pages/layout.ts';
import { pages } from './operations.ts';

export const handler = handle(pages.unsubscribe, ({ path, query, text, request }, app) => {
  const language = languageOf(request, query.lang, 'ja');
  return orBusyPage(language, async () => {
    const link = await openLink(app, path.token, language);
    return link instanceof Reply ? link : takeChoice(app, link, { text, request });
  });
});
