import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { mergedIds } from '../merges/decide.ts';
import { readRecord } from '../objects/read-store.ts';
import { absentOrExpired, alive, attributes } from '../table/conditions.ts';
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
  // It stays with the one that was merged: what that one has seen is the survivor's, and a second link would count it twice.
  if (!contact || mergedIds(contact).includes(visitor.contactId ?? '')) return undefined;
  const linked = linking(app, visitor, contact.id, by);
  if (!linked || (await linksOf(app, contact.id)).length >= mostVisitors) return undefined;
  return { ...linked, steps: [orStale({ check: recordKey(contact), when: alive }), ...linked.steps] };
}

/** Of several forms the one that was sent last has the browser, in whatever order and however often they are told of. */
export type SentForm = { readonly contactId: string; readonly sentAt: string };

async function formSteps(app: App, visitor: Visitor, { contactId, sentAt }: SentForm): Promise<Linked | undefined> {
  if (visitor.formAt !== undefined && visitor.formAt >= sentAt) return undefined;
  const linked = (await linkSteps(app, visitor, contactId, 'form')) ?? { visitor, steps: [] };
  return { ...linked, visitor: { ...linked.visitor, formAt: sentAt } };
}

const Awaited = z.object({ contactId: z.string(), sentAt: z.string() });
const awaitedMs = 24 * 60 * 60_000;

/** A new visitor whose contact was known before it: the form's submission overtook the page view. */
export async function awaitedSteps(app: App, visitor: Visitor): Promise<Linked> {
  const key = awaitedLinkKey(visitor.hutk);
  const awaited = await app.table.get(key, Awaited);
  if (!awaited) return { visitor, steps: [orStale({ check: key, when: absentOrExpired(app.now()) })] };
  const linked = await formSteps(app, visitor, awaited);
  const done = orStale({ remove: key, when: attributes({ sentAt: awaited.sentAt }) });
  return { visitor: linked?.visitor ?? visitor, steps: [done, ...(linked?.steps ?? [])] };
}

/** Links the visitor who sent a form. One of whom no page view came yet is linked by the first that comes within a day. */
export const linkByForm = (app: App, hutk: string, form: SentForm): Promise<void> =>
  contend(async () => {
    const visitor = await findVisitor(app, hutk);
    if (!visitor) return awaitVisitor(app, hutk, form);
    const linked = await formSteps(app, visitor, form);
    if (linked) await commitOrThrow(app.table, [visitorStep(visitor, linked.visitor, app.now()), ...linked.steps]);
  });

async function awaitVisitor(app: App, hutk: string, form: SentForm): Promise<void> {
  const key = awaitedLinkKey(hutk);
  const awaited = await app.table.get(key, Awaited);
  if (awaited && awaited.sentAt >= form.sentAt) return;
  const now = app.now();
  const expiresAt = Math.ceil((Date.parse(now) + awaitedMs) / 1000);
  const when = awaited ? attributes({ sentAt: awaited.sentAt }) : absentOrExpired(now);
  await commitOrThrow(app.table, [
    orStale({ put: { ...key, entity: 'awaited-link', ...form, expiresAt }, when }),
    orStale({ check: visitorKey(hutk), when: absentOrExpired(now) }),
  ]);
}
