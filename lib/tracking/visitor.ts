import * as z from 'zod/mini';
import { type Origin, originOf, plainAddress } from './source.ts';

/** The begin of a visit: where it came from, and on which page. */
export const Touch = z.object({
  at: z.string(),
  source: z.string(),
  data1: z.optional(z.string()),
  data2: z.optional(z.string()),
  campaign: z.optional(z.string()),
  url: z.string(),
  referrer: z._default(z.string(), ''),
});
export type Touch = z.output<typeof Touch>;

/** What the visits of one browser come to. */
export const Visits = z.object({
  first: Touch,
  latest: Touch,
  pageViews: z.number(),
  visits: z.number(),
  lastAt: z.string(),
  lastUrl: z.string(),
  lastReferrer: z._default(z.string(), ''),
});
export type Visits = z.output<typeof Visits>;

/** A browser by its cookie, as stored. `version` rises with each change. */
export const Visitor = z.extend(Visits, {
  hutk: z.string(),
  version: z.number(),
  /** Page views of the visit that goes on. */
  visitViews: z.number(),
  /** The id of the first page view of that visit. */
  visitFrom: z.string(),
  /** The UTC day, and what came on it: a browser has a limit. */
  day: z.string(),
  dayEvents: z.number(),
  contactId: z.optional(z.string()),
  /** The row with the contact that says so. */
  linkId: z.optional(z.string()),
  /** When the form was sent that made it so; an older one changes nothing. */
  formAt: z.optional(z.string()),
  /** A refresh of the contact is due then: what comes well before needs no other. */
  refreshAt: z.optional(z.string()),
});
export type Visitor = z.output<typeof Visitor>;

/** A page view, cleaned of what may be a person's. */
export type View = {
  readonly id: string;
  readonly at: string;
  readonly url: string;
  readonly referrer: string;
  readonly title: string;
  readonly origin: Origin;
};

/** A visit ends when nothing came for so long (HubSpot's rule); one from another source begins a new one. */
const visitEndsMs = 30 * 60_000;

export type ViewInput = {
  readonly id: string;
  readonly at: string;
  readonly url: string;
  readonly referrer?: string | undefined;
  readonly title?: string | undefined;
};

export const viewOf = ({ id, at, url, referrer, title }: ViewInput, ownHosts: readonly string[]): View => ({
  id,
  at,
  url: plainAddress(url),
  referrer: plainAddress(referrer),
  title: (title ?? '').slice(0, 300).toWellFormed(),
  origin: originOf(url, referrer, ownHosts),
});

const touchOf = ({ at, url, referrer, origin }: View): Touch => ({ at, ...origin, url, referrer });

/** A visitor with one more page view. The first touch is the earliest, whatever comes first; a late one begins no visit of its own. */
export function seen(before: Visitor | undefined, view: View, hutk: string): Visitor {
  const last = { lastAt: view.at, lastUrl: view.url, lastReferrer: view.referrer };
  const touch = touchOf(view);
  if (!before) {
    const counts = {
      pageViews: 1,
      visits: 1,
      visitViews: 1,
      visitFrom: view.id,
      day: view.at.slice(0, 10),
      dayEvents: 0,
    };
    return { hutk, version: 0, first: touch, latest: touch, ...last, ...counts };
  }
  const counted = { ...before, pageViews: before.pageViews + 1 };
  if (view.at < before.lastAt) {
    const earliest = view.at < before.first.at;
    const sameVisit = view.at < before.latest.at && before.visits === 1;
    return {
      ...counted,
      visitViews: before.visitViews + 1,
      ...(earliest && { first: touch }),
      ...(sameVisit && { latest: touch, visitFrom: view.id < before.visitFrom ? view.id : before.visitFrom }),
    };
  }
  if (!beginsVisit(before, view)) return { ...counted, ...last, visitViews: before.visitViews + 1 };
  return { ...counted, ...last, latest: touch, visits: before.visits + 1, visitViews: 1, visitFrom: view.id };
}

function beginsVisit({ lastAt, latest }: Visitor, { at, origin }: View): boolean {
  if (Date.parse(at) - Date.parse(lastAt) >= visitEndsMs) return true;
  if (origin.source === 'DIRECT_TRAFFIC') return false;
  return origin.source !== latest.source || origin.data1 !== latest.data1 || origin.campaign !== latest.campaign;
}

/** What a visitor has come to, without the rest. */
export const visitsOf = ({ first, latest, pageViews, visits, lastAt, lastUrl, lastReferrer }: Visits): Visits => ({
  first,
  latest,
  pageViews,
  visits,
  lastAt,
  lastUrl,
  lastReferrer,
});

/** The visitor from the present visit on: what it was before belongs to somebody else. The visit itself counts for both. */
export const fromThisVisitOn = (visitor: Visitor): Visitor => ({
  ...visitor,
  first: visitor.latest,
  pageViews: visitor.visitViews,
  visits: 1,
});

/** The histories of several browsers as one: the earliest first touch, the latest last one, and the sums. */
export function united(all: readonly Visits[]): Visits | undefined {
  const [one, ...others] = all;
  if (!one) return undefined;
  return others.reduce(
    (sum, next) => ({
      ...(next.lastAt > sum.lastAt ? visitsOf(next) : visitsOf(sum)),
      first: next.first.at < sum.first.at ? next.first : sum.first,
      latest: next.latest.at > sum.latest.at ? next.latest : sum.latest,
      pageViews: sum.pageViews + next.pageViews,
      visits: sum.visits + next.visits,
    }),
    one,
  );
}
