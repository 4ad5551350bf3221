import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { absent, attributes } from '../table/conditions.ts';
import { orStale, type Step } from '../table/steps.ts';
import { trackingStateKey, visitorLinkKey, visitorLinkPrefix } from '../table/tracking-keys.ts';
import { fromThisVisitOn, type Visitor, Visits, visitsOf } from './visitor.ts';

/** That a browser's page views are a contact's, `from` one on. `until` and `visits` are there when it went to somebody else. */
export const VisitorLink = z.object({
  contactId: z.string(),
  hutk: z.string(),
  linkId: z.string(),
  from: z.string(),
  until: z.optional(z.string()),
  visits: z.optional(Visits),
  linkedBy: z.enum(['form', 'mail', 'identify']),
  linkedAt: z.string(),
});
export type VisitorLink = z.output<typeof VisitorLink>;

/** A contact has at most as many browsers; a further one stays nobody's. */
export const mostVisitors = 100;

export const linksOf = (app: App, contactId: string): Promise<readonly VisitorLink[]> =>
  app.table
    .query({ pk: trackingStateKey(contactId).pk, prefix: visitorLinkPrefix, limit: mostVisitors }, VisitorLink)
    .then(({ items }) => items);

/** Before every page view. */
const fromTheBeginning = '0'.repeat(26);

export type LinkedBy = VisitorLink['linkedBy'];
type Linking = { readonly visitor: Visitor; readonly steps: readonly Step[] };

/**
 * Makes a visitor a contact's. The rules: a visitor that is nobody's brings its whole history along. One that is somebody's is moved by a form
 * only (a forwarded mail must not make two people one), and then from the present visit on: what was before stays with the other one.
 * Undefined when nothing changes. The visitor's own row is the caller's to write, in the same transaction.
 */
export function linking(app: App, visitor: Visitor, contactId: string, linkedBy: LinkedBy): Linking | undefined {
  if (visitor.contactId === contactId) return undefined;
  if (visitor.contactId !== undefined && linkedBy !== 'form') return undefined;
  const now = app.now();
  const moved = visitor.contactId !== undefined;
  const linkId = app.newEventId();
  const from = moved ? visitor.visitFrom : fromTheBeginning;
  const link: VisitorLink = { contactId, hutk: visitor.hutk, linkId, from, linkedBy, linkedAt: now };
  const key = visitorLinkKey(contactId, visitor.hutk, linkId);
  return {
    visitor: { ...(moved ? fromThisVisitOn(visitor) : visitor), contactId, linkId },
    steps: [
      ...(moved ? [closing(visitor, linkId)] : []),
      orStale({ put: { ...key, entity: 'visitor-link', ...link }, when: absent }),
    ],
  };
}

/** The link of the one who had the visitor until now keeps what was: its numbers, and up to which page view it was. */
function closing(visitor: Visitor, until: string): Step {
  const { contactId = '', hutk, linkId = '' } = visitor;
  return orStale({
    update: visitorLinkKey(contactId, hutk, linkId),
    set: { until, visits: visitsOf(visitor) },
    when: attributes({ until: undefined, hutk }),
  });
}
