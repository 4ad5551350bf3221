import { handle, Reply } from '../../lib/core/handle.ts';
import { orBusyPage } from '../../lib/pages/busy.ts';
import { openSurvey, showSurvey } from '../../lib/pages/hosted-survey.ts';
import { languageOf } from '../../lib/pages/layout.ts';
import { pages } from './operations.ts';

/** `?score=9` shows the 9 chosen. What opens every link of a mail leaves no trace. */
export const handler = handle(pages.showSurvey, ({ path, query, request }, app) => {
  const language = languageOf(request, query.lang, 'ja');
  return orBusyPage(language, async () => {
    const open = await openSurvey(app, path.token, language);
    return open instanceof Reply ? open : showSurvey(app, open, query);
  });
});
