import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { listForms } from '../../lib/forms/store.ts';
import { forms } from './operations.ts';

/** All forms are of HubSpot's type `hubspot`; a list of other types alone is empty. */
export const handler = handle(forms.list, async ({ query, request }, app) => {
  const wanted = query.formTypes.split(',').some((type) => type === 'hubspot' || type === 'all');
  const page = wanted ? await listForms(app, query) : { forms: [] };
  return pageOf(page.forms, page.after, request);
});
