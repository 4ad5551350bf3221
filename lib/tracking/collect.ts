import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { dueWrite } from '../due/due.ts';
import { refuseBeyond } from '../forms/rate-limit.ts';
import { keyedHash } from '../links/link.ts';
import { uniqueOwner } from '../objects/read-store.ts';
import { contend } from '../table/contention.ts';
import { AlreadyDone } from '../table/once.ts';
import { commitOrThrow, onceStep, orStale, type Step } from '../table/steps.ts';
import { pageViewKey, pageViewMarkKey } from '../table/tracking-keys.ts';
import type { Batch, PageEvent, ViewEvent } from './batch.ts';
import { placed } from './event-id.ts';
import { noteHost } from './hosts.ts';
import { provenAddress } from './identification.ts';
import { contactOfIdentity } from './identity.ts';
import type { LinkedBy } from './link.ts';
import { awaitedSteps, linkSteps } from './link-store.ts';
import { waitingEventRow } from './page-event-row.ts';
import { seen, type Visitor, viewOf } from './visitor.ts';
import { expiryAfter, findVisitor, visitorStep } from './visitor-store.ts';

/** Batches a minute from one IP address: an office has many people. */
const mostOfIp = 600;
/** Page views and events of a browser in a UTC day; what is more is a machine's, and is passed over. */
const mostOfDay = 500;

type Who = { readonly contactId: string; readonly by: LinkedBy };

/**
 * Takes what a page tells of its visitor, each thing once by its id, whatever comes twice, late or at once. A batch costs one read, one transaction
 * and the count for its IP address. @throws CrmError 429
 */
export async function collect(app: App, batch: Batch, ip: string): Promise<void> {
  await refuseBeyond(app, [{ scope: `collect#${await keyedHash(ip)}`, most: mostOfIp }]);
  const who = await whoIs(app, batch);
  let events = [...new Map(batch.events.map((event) => [event.id, event])).values()];
  for (;;) {
    try {
      await contend(() => take(app, { ...batch, events }, who));
      break;
    } catch (error) {
      if (!(error instanceof AlreadyDone)) throw error;
      const { eventId } = Taken.parse(error.mark);
      events = events.filter(({ id }) => id !== eventId);
    }
  }
  const view = events.find(({ type }) => type === 'view');
  if (view?.type === 'view') await noteHost(app, view.url);
}

const Taken = z.object({ eventId: z.string() });

/** The contact that the page names: by the link of a mail, by a proof of its site, or by an address that some contact has. */
async function whoIs(app: App, { identity, events }: Batch): Promise<Who | undefined> {
  const linked = identity === undefined ? undefined : await contactOfIdentity(identity);
  if (linked !== undefined) return { contactId: linked, by: 'mail' };
  const proven = identity === undefined ? undefined : await provenAddress(identity);
  const named = events.findLast((event) => event.type === 'identify');
  const email = proven ?? (named?.type === 'identify' ? named.email : '');
  const contactId = email ? await uniqueOwner(app, '0-1', 'email', email) : undefined;
  return contactId === undefined ? undefined : { contactId, by: 'identify' };
}

async function take(app: App, { hutk, events }: Batch, who: Who | undefined): Promise<void> {
  const before = await findVisitor(app, hutk);
  const now = app.now();
  const day = now.slice(0, 10);
  const room = mostOfDay - (before?.day === day ? before.dayEvents : 0);
  const kept = events.filter(({ type }) => type !== 'identify').slice(0, Math.max(0, room));
  let visitor = before;
  const steps: Step[] = [];
  for (const event of kept) {
    if (event.type === 'view') visitor = withView(hutk, visitor, event, now, steps);
    if (event.type === 'event' && visitor) steps.push(pageEventStep(hutk, event, now));
  }
  if (!visitor) return;
  const used = before?.day === day ? before.dayEvents : 0;
  visitor = { ...visitor, day, dayEvents: used + kept.length };
  if (!before) {
    const awaited = await awaitedSteps(app, visitor);
    visitor = awaited.visitor;
    steps.push(...awaited.steps);
  }
  const linked = who && (await linkSteps(app, visitor, who.contactId, who.by));
  if (linked) {
    visitor = linked.visitor;
    steps.push(...linked.steps);
  }
  const due = await dueSteps(app, visitor, { before, soon: kept.some(({ type }) => type === 'event') });
  steps.push(...due.steps);
  if (steps.length > 0) await commitOrThrow(app.table, [visitorStep(before, due.visitor, now), ...steps]);
}

function withView(hutk: string, before: Visitor | undefined, event: ViewEvent, now: string, steps: Step[]): Visitor {
  const { id, at, moved } = placed(event.id, now);
  const view = viewOf({ ...event, id, at }, []);
  const expiresAt = expiryAfter(now);
  const row = { ...pageViewKey(hutk, id), entity: 'page-view', eventId: event.id, expiresAt };
  const { origin: _, ...facts } = view;
  steps.push(onceStep({ ...row, ...facts }));
  if (moved)
    steps.push(
      onceStep({ ...pageViewMarkKey(hutk, event.id), entity: 'page-view-mark', eventId: event.id, expiresAt }),
    );
  return seen(before, view, hutk);
}

const pageEventStep = (hutk: string, { id, name, properties }: PageEvent, now: string): Step =>
  onceStep(waitingEventRow(hutk, { eventId: id, name, properties, occurredAt: placed(id, now).at }, now));

/** The contact is told of page views a few minutes later, once for many; of what others wait for, with the next minute. */
const toldAfterMs = 3 * 60_000;
/** A refresh that begins later than this sees what is written now. */
const safelyLaterMs = 60_000;

async function dueSteps(
  app: App,
  visitor: Visitor,
  { before, soon }: { before: Visitor | undefined; soon: boolean },
): Promise<{ visitor: Visitor; steps: Step[] }> {
  const { contactId, hutk } = visitor;
  if (contactId === undefined) return { visitor, steps: [] };
  const now = Date.parse(app.now());
  const message = { queue: 'visits' as const, body: { contactId, hutk } };
  if (soon || before?.contactId !== contactId)
    return { visitor, steps: [orStale(await dueWrite(app, new Date(now).toISOString(), `visits#${hutk}`, message))] };
  if (visitor.refreshAt !== undefined && Date.parse(visitor.refreshAt) > now + safelyLaterMs)
    return { visitor, steps: [] };
  const refreshAt = new Date(now + toldAfterMs).toISOString();
  return {
    visitor: { ...visitor, refreshAt },
    steps: [orStale(await dueWrite(app, refreshAt, `visits#${hutk}`, message))],
  };
}
