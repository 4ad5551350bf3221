import { handle, Reply } from '../../lib/core/handle.ts';
import { orBusyPage } from '../../lib/pages/busy.ts';
import { openSurvey, takeSurveyPost } from '../../lib/pages/hosted-survey.ts';
import { languageOf } from '../../lib/pages/layout.ts';
import { pages } from './operations.ts';

export const handler = handle(pages.answerSurvey, ({ path, query, text, request }, app) => {
  const language = languageOf(request, query.lang, 'ja');
  return orBusyPage(language, async () => {
    const open = await openSurvey(app, path.token, language);
    return open instanceof Reply ? open : takeSurveyPost(app, open, { text, request });
  });
});
