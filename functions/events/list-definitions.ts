import { handle } from '../../lib/core/handle.ts';
import { pageOf, sliceOf } from '../../lib/core/page.ts';
import { listDefinitions } from '../../lib/custom-events/definitions.ts';
import { events } from './operations.ts';

export const handler = handle(events.listDefinitions, async ({ query, request }, app) => {
  const word = query.searchString?.toLowerCase() ?? '';
  const all = (await listDefinitions(app, { fresh: true }))
    .filter(({ name, labels }) => `${name} ${labels.singular.toLowerCase()}`.includes(word))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const { results, after } = sliceOf(all, query.after, query.limit);
  const shown = results.map((each) => ({ ...each, properties: query.includeProperties ? each.properties : [] }));
  return { ...pageOf(shown, after, request), total: all.length };
});
