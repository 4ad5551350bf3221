import { evidenceOf } from '../../lib/consents/evidence.ts';
import { evidencePage } from '../../lib/consents/evidence-page.ts';
import { handle } from '../../lib/core/handle.ts';
import { languageOf } from '../../lib/pages/layout.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.consents, async ({ query, request }, app) => {
  const evidence = await evidenceOf(app, query);
  const asPage = query.format === 'html' || (!query.format && /text\/html/.test(request.headers.accept ?? ''));
  return asPage ? evidencePage(evidence, languageOf(request, query.lang, 'ja')) : evidence;
});
