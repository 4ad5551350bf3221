import { randomUUID } from 'node:crypto';
import { handle } from '../../lib/core/handle.ts';
import { openForm, takePost } from '../../lib/pages/hosted-form.ts';
import { languageOf, notFoundPage } from '../../lib/pages/layout.ts';
import { pages } from './operations.ts';

export const handler = handle(pages.submitForm, async ({ path, query, text, request }, app) => {
  const form = await openForm(app, path.formId);
  const language = languageOf(request, query.lang, form?.configuration.language ?? 'ja');
  return form
    ? takePost(app, form, { text, language, request, newSubmissionId: randomUUID() })
    : notFoundPage(language);
});
