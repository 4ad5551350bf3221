import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { readRecord } from '../objects/read-store.ts';
import { absent, alive, present } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { recordKey } from '../table/keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { awaitedLinkKey, visitorKey } from '../table/tracking-keys.ts';
import { type LinkedBy, linking, linksOf, mostVisitors } from './link.ts';
import type { Visitor } from './visitor.ts';
import { findVisitor, visitorStep } from './visitor-store.ts';

type Linked = { readonly visitor: Visitor; readonly steps: readonly Step[] };
const contacts = '0-1';

/** The steps that make a visitor a contact's, if there is such a contact and it has room; a merged one leads to the survivor. */
export async function linkSteps(
  app: App,
  visitor: Visitor,
  contactId: string,
  by: LinkedBy,
): Promise<Linked | undefined> {
  if (visitor.contactId !== undefined && by !== 'form') return undefined;
  const contact = await readRecord(app, contacts, { id: contactId }, { followMerged: true });
  const linked = contact && linking(app, visitor, contact.id, by);
  if (!contact || !linked || (await linksOf(app, contact.id)).length >= mostVisitors) return undefined;
  return { ...linked, steps: [orStale({ check: recordKey(contact), when: alive }), ...linked.steps] };
}

const Awaited = z.object({ contactId: z.string() });
const awaitedMs = 24 * 60 * 60_000;

/** A new visitor whose contact was known before it: the form's submission overtook the page view. */
export async function awaitedSteps(app: App, visitor: Visitor): Promise<Linked> {
  const key = awaitedLinkKey(visitor.hutk);
  const awaited = await app.table.get(key, Awaited);
  if (!awaited) return { visitor, steps: [orStale({ check: key, when: absent })] };
  const linked = await linkSteps(app, visitor, awaited.contactId, 'form');
  const done = orStale({ remove: key, when: present });
  return { visitor: linked?.visitor ?? visitor, steps: [done, ...(linked?.steps ?? [])] };
}

/** Links the visitor who sent a form. One of whom no page view came yet is linked by the first that comes within a day. */
export const linkByForm = (app: App, hutk: string, contactId: string): Promise<void> =>
  contend(async () => {
    const visitor = await findVisitor(app, hutk);
    if (!visitor) return awaitVisitor(app, hutk, contactId);
    const linked = await linkSteps(app, visitor, contactId, 'form');
    if (linked) await commitOrThrow(app.table, [visitorStep(visitor, linked.visitor), ...linked.steps]);
  });

function awaitVisitor(app: App, hutk: string, contactId: string): Promise<void> {
  const expiresAt = Math.ceil((Date.parse(app.now()) + awaitedMs) / 1000);
  return commitOrThrow(app.table, [
    orStale({ put: { ...awaitedLinkKey(hutk), entity: 'awaited-link', contactId, expiresAt } }),
    orStale({ check: visitorKey(hutk), when: absent }),
  ]);
}
