import { decodeTime } from 'ulid';
import * as z from 'zod/mini';
import { Actor, Changes, Explain } from '../../events/define.ts';
import type { App } from '../core/app.ts';
import type { CrmRecord } from '../objects/record.ts';
import { inParallel } from '../table/in-parallel.ts';
import { dayListing, eventKey, eventPrefix } from '../table/keys.ts';
import { namedActors } from './actor-names.ts';
import { eventBound, eventPosition, type Position } from './position.ts';

const Logged = z.object({
  type: z.string(),
  detail: z.object({
    id: z.string(),
    occurredAt: z.string(),
    actor: Actor,
    cause: z.array(z.string()),
    changes: z.optional(Changes),
    explain: z.optional(Explain),
    changeSetId: z.optional(z.string()),
  }),
});
type Logged = z.output<typeof Logged>;

const NamedActor = z.extend(Actor, { label: z.optional(z.string()) });
const Sided = z.object({ side: z.string(), value: z.nullable(z.string()) });
const Cause = z.object({
  eventId: z.string(),
  type: z.optional(z.string()),
  objectType: z.optional(z.string()),
  recordId: z.optional(z.string()),
  occurredAt: z.optional(z.string()),
  actor: z.optional(NamedActor),
});

/** One change of a property, and why it was made. */
export const PublicExplanation = z.object({
  eventId: z.string(),
  occurredAt: z.string(),
  from: z.nullable(z.string()),
  to: z.nullable(z.string()),
  actor: NamedActor,
  /** The events that led to it, oldest first. */
  cause: z.array(Cause),
  rule: z.optional(z.string()),
  winner: z.optional(Sided),
  loser: z.optional(Sided),
  changeSetId: z.optional(z.string()),
});
type PublicExplanation = z.output<typeof PublicExplanation>;

/** Log pages read for one answer: a log with few changes of the property is read on by the next page. */
const mostQueries = 5;
const readsAtOnce = 8;

/**
 * Every change of a property, newest first: value, who, the chain of events that led to it, and for a sync the rule and the value that
 * lost. `after` is there while the log goes on; a page may be short when much else happened with the record.
 */
export async function explainProperty(
  app: App,
  record: CrmRecord,
  name: string,
  { after, limit }: { readonly after?: Position; readonly limit: number },
): Promise<{ readonly results: PublicExplanation[]; readonly after?: Position }> {
  const { changes, ...rest } = await changesOf(app, record, name, { after, limit });
  const causes = await causesOf(app, [...new Set(changes.flatMap(({ detail }) => detail.cause))]);
  const named = await namedActors(app, [
    ...changes.map(({ detail }) => detail.actor),
    ...[...causes.values()].flatMap(({ actor }) => actor ?? []),
  ]);
  const chain = (ids: readonly string[]) =>
    ids.map((eventId) => {
      const cause = causes.get(eventId);
      return { eventId, ...cause, ...(cause?.actor && { actor: named(cause.actor) }) };
    });
  const results = changes.map(({ detail }) => {
    const [from, to] = detail.changes?.[name] ?? [null, null];
    const { id: eventId, occurredAt, changeSetId } = detail;
    return {
      eventId,
      occurredAt,
      from,
      to,
      actor: named(detail.actor),
      cause: chain(detail.cause),
      ...detail.explain?.[name],
      ...(changeSetId && { changeSetId }),
    };
  });
  return { results, ...rest };
}

async function changesOf(
  app: App,
  record: CrmRecord,
  name: string,
  { after, limit }: { readonly after: Position | undefined; readonly limit: number },
): Promise<{ readonly changes: Logged[]; readonly after?: Position }> {
  const changes: Logged[] = [];
  let bound = after && eventBound(after);
  for (let queries = 0; queries < mostQueries; queries += 1) {
    const page = await app.table.query(
      {
        pk: eventKey(record, '').pk,
        prefix: eventPrefix,
        descending: true,
        ...(bound !== undefined && { startAfter: eventKey(record, bound) }),
      },
      Logged,
    );
    for (const event of page.items) {
      if (!event.detail.changes || !(name in event.detail.changes)) continue;
      if (changes.length === limit) return { changes, after: eventPosition(changes.at(-1)?.detail.id ?? '') };
      changes.push(event);
    }
    const last = page.items.at(-1);
    if (!page.lastKey || !last) return { changes };
    bound = last.detail.id;
  }
  return { changes, ...(bound !== undefined && { after: eventPosition(bound) }) };
}

const Causing = z.object({
  type: z.string(),
  detail: z.object({ objectType: z.string(), recordId: z.string(), occurredAt: z.string(), actor: Actor }),
});

/** The events of a chain, by id. */
async function causesOf(app: App, ids: readonly string[]) {
  const found = await inParallel(ids, readsAtOnce, async (id) => [id, await causeOf(app, id)] as const);
  return new Map(found.flatMap(([id, cause]) => (cause ? [[id, cause] as const] : [])));
}

const dayMs = 24 * 60 * 60 * 1000;

/** A day's listing finds an event by its id, whose time is that of the event, or a moment later: around midnight, of the day before. */
async function causeOf(app: App, id: string) {
  const drawn = decodeTime(id);
  for (const time of [drawn, drawn - dayMs]) {
    const day = dayListing(new Date(time).toISOString());
    const { items } = await app.table.query({ pk: day, index: 'gsi1', from: id, to: id, limit: 1 }, Causing);
    const [event] = items;
    if (event) return { type: event.type, ...event.detail };
  }
  return undefined;
}
