import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { listOccurrences } from '../../lib/custom-events/occurrences.ts';
import { events } from './operations.ts';

export const handler = handle(events.list, async ({ query, request }, app) => {
  const { id: ids = [], sort = [], properties: shown, ...wanted } = query;
  const ascending = ['occurredAt', 'ASCENDING'].includes(sort[0] ?? '');
  const { results, after } = await listOccurrences(app, { ...wanted, ids, ascending });
  const only = (all: Record<string, string>) =>
    shown ? Object.fromEntries(Object.entries(all).filter(([name]) => shown.includes(name))) : all;
  return pageOf(
    results.map((each) => ({ ...each, properties: only(each.properties) })),
    after,
    request,
  );
});
