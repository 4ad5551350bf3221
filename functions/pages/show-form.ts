import { randomUUID } from 'node:crypto';
import { handle } from '../../lib/core/handle.ts';
import { orBusyPage } from '../../lib/pages/busy.ts';
import { formPage, thanksPage } from '../../lib/pages/form-page.ts';
import { prefilled } from '../../lib/pages/form-post.ts';
import { openForm } from '../../lib/pages/hosted-form.ts';
import { languageOf, notFoundPage } from '../../lib/pages/layout.ts';
import { pages } from './operations.ts';

/** Values in the address fill the fields of those names (`?advertiser_id=…`). */
export const handler = handle(pages.showForm, ({ path, query, request }, app) =>
  orBusyPage(languageOf(request, query.lang, 'ja'), async () => {
    const form = await openForm(app, path.formId);
    const language = languageOf(request, query.lang, form?.configuration.language ?? 'ja');
    if (!form) return notFoundPage(language);
    if (query.sent) return thanksPage(form, language);
    return formPage({ form, language, submissionId: randomUUID(), given: prefilled(form, query) });
  }),
);
