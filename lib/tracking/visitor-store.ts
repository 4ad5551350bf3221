import type { App } from '../core/app.ts';
import { absentOrExpired, type Condition, versionIs } from '../table/conditions.ts';
import { orStale, type Step } from '../table/steps.ts';
import { visitorKey } from '../table/tracking-keys.ts';
import { Visitor } from './visitor.ts';

const dayMs = 86_400_000;
/** Page views, and a browser that nobody was linked to, are forgotten after thirteen months without a visit. */
const keptMs = 396 * dayMs;

export const expiryAfter = (at: string): number => Math.ceil((Date.parse(at) + keptMs) / 1000);

export const findVisitor = (app: App, hutk: string): Promise<Visitor | undefined> =>
  app.table.get(visitorKey(hutk), Visitor);

/** The visitor as it shall be, unless somebody was faster. A visitor that is a contact's does not expire: it goes with the contact. */
export function visitorStep(before: Visitor | undefined, after: Visitor, now: string): Step {
  const when: Condition = before ? versionIs(before.version) : absentOrExpired(now);
  const kept = after.contactId === undefined && { expiresAt: expiryAfter(after.lastAt) };
  return orStale({
    put: { ...visitorKey(after.hutk), entity: 'visitor', ...after, version: (before?.version ?? 0) + 1, ...kept },
    when,
  });
}
