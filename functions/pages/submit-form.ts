import { randomUUID } from 'node:crypto';
import { handle } from '../../lib/core/handle.ts';
import { orBusyPage } from '../../lib/pages/busy.ts';
import { jsonAfter, pageAfter } from '../../lib/pages/form-answer.ts';
import { openForm, takePost } from '../../lib/pages/hosted-form.ts';
import { languageOf, notFoundPage } from '../../lib/pages/layout.ts';
import { pages } from './operations.ts';

export const handler = handle(pages.submitForm, ({ path, query, text, request }, app) =>
  orBusyPage(languageOf(request, query.lang, 'ja'), async () => {
    const form = await openForm(app, path.formId);
    const language = languageOf(request, query.lang, form?.configuration.language ?? 'ja');
    if (!form) return notFoundPage(language);
    const outcome = await takePost(app, form, { text, language, request, newSubmissionId: randomUUID() });
    return (query.format === 'json' ? jsonAfter : pageAfter)(app, { form, language, outcome });
  }),
);
