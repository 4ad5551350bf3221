import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { CrmRecord } from '../objects/record.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { RecordRef } from '../table/keys.ts';
import { pageViewPrefix, visitorPartition } from '../table/tracking-keys.ts';
import { linksOf, type VisitorLink } from '../tracking/link.ts';
import type { PublicEntry } from './event-entry.ts';
import { eventBound, eventPosition } from './position.ts';
import type { Found, Source } from './sources.ts';
import type { Words } from './words.ts';

const PageView = z.object({ sk: z.string(), at: z.string(), url: z.string(), title: z.string() });
export type PageView = z.output<typeof PageView>;

/** A contact's browsers whose page views a timeline shows: those that became its own last. */
const mostVisitors = 20;
/** Records that were merged into a contact whose browsers are looked for. */
const mostMerged = 10;
const readsAtOnce = 8;

/** The page views of a contact from before and after it was known, and of those merged into it; each browser as long as it was its own. */
export async function visitSources(app: App, own: readonly RecordRef[]): Promise<Source[]> {
  const links = await inParallel(own.slice(0, 1 + mostMerged), readsAtOnce, ({ id }) => linksOf(app, id));
  const newest = links.flat().toSorted((one, other) => (one.linkedAt > other.linkedAt ? -1 : 1));
  return newest.slice(0, mostVisitors).map((link) => visitSource(app, link));
}

/** After every id. */
const theEnd = 'Z'.repeat(26);

const visitSource =
  (app: App, { hutk, from, until = theEnd }: VisitorLink): Source =>
  async (after, limit) => {
    const bound = after ? eventBound(after) : theEnd;
    const to = bound < until ? bound : until;
    if (to < from) return { found: [] };
    const range = { from: `${pageViewPrefix}${from}`, to: `${pageViewPrefix}${to}` };
    const query = { pk: visitorPartition(hutk), ...range, descending: true, limit: limit + 2 };
    const { items, lastKey } = await app.table.query(query, PageView);
    const found = items
      .map((view): Found => ({ position: eventPosition(view.sk.slice(pageViewPrefix.length)), kind: 'visit', view }))
      .filter(({ position }) => position.id < bound);
    const last = found.at(-1);
    return { found, ...(lastKey && last && { lookedTo: last.position }) };
  };

/** A page view in words; the contact's very first one is called so (R65). */
export function visitEntry(
  { position, kind }: Found,
  { at, url, title }: PageView,
  contact: CrmRecord,
  words: Words,
): PublicEntry {
  const isFirst = contact.properties.hs_analytics_first_timestamp === at;
  return {
    id: position.id,
    kind,
    occurredAt: at,
    actor: { kind: 'system', id: 'tracking' },
    title: (isFirst ? words.firstVisit : words.pageViewed)(title || url),
    body: url,
    objectType: contact.objectType,
    recordId: contact.id,
  };
}
