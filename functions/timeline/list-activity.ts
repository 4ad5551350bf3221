import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { readActivity } from '../../lib/timeline/activity.ts';
import { activityEntries } from '../../lib/timeline/activity-entry.ts';
import { timeline } from './operations.ts';

const weekMs = 7 * 24 * 60 * 60 * 1000;

export const handler = handle(timeline.listActivity, async ({ query, request }, app) => {
  const type = query.objectType === undefined ? undefined : await loadObjectType(app, query.objectType);
  const to = query.to ?? new Date(Date.parse(app.now()) + 1).toISOString();
  const from = query.from ?? new Date(Date.parse(to) - weekMs).toISOString();
  const { actor, after, limit, language } = query;
  const page = await readActivity(app, { actor, objectType: type?.objectTypeId, from, to, after, limit });
  return pageOf(await activityEntries(app, page.events, language), page.after, request);
});
