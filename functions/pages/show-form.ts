import { randomUUID } from 'node:crypto';
import { handle, Reply } from '../../lib/core/handle.ts';
import { orBusyPage } from '../../lib/pages/busy.ts';
import { formPage, thanksPage } from '../../lib/pages/form-page.ts';
import { prefilled } from '../../lib/pages/form-post.ts';
import { formView } from '../../lib/pages/form-view.ts';
import { knownOf, openForm, pageOfForm } from '../../lib/pages/hosted-form.ts';
import { languageOf, notFoundPage } from '../../lib/pages/layout.ts';
import { pages } from './operations.ts';

/** Values in the address fill the fields of those names (`?advertiser_id=…`); `format=json` is for the script of other pages. */
export const handler = handle(pages.showForm, ({ path, query, request }, app) =>
  orBusyPage(languageOf(request, query.lang, 'ja'), async () => {
    const form = await openForm(app, path.formId);
    const language = languageOf(request, query.lang, form?.configuration.language ?? 'ja');
    if (!form) return notFoundPage(language);
    if (query.sent) return thanksPage(form, language);
    const known = await knownOf(request, query.known);
    const fresh = await pageOfForm(app, form, known, { language, submissionId: randomUUID() });
    const page = { ...fresh, given: prefilled(fresh.form, query) };
    return query.format === 'json'
      ? new Reply(200, await formView(app, page), { 'cache-control': 'no-store', vary: 'accept-language' })
      : formPage(page);
  }),
);
