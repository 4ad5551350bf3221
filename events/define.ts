import * as z from 'zod/mini';

/** Who did it. `id` is a token's id, a user's, a form's, a survey's, a flow's … by kind. */
export const Actor = z.object({
  kind: z.enum(['token', 'user', 'form', 'survey', 'flow', 'import', 'salesforce', 'system']),
  id: z.string(),
});
export type Actor = z.output<typeof Actor>;

/** What every event carries. `recordId` and `objectType` (a type id such as `0-1`) name the record whose log holds it. */
const envelope = {
  id: z.string(),
  version: z.number(),
  objectType: z.string(),
  recordId: z.string(),
  occurredAt: z.string(),
  actor: Actor,
  /** Ids of the events that led to this one, oldest first; it stops loops and answers "why". */
  cause: z.array(z.string()),
  /** The change set (bulk edit, import, merge, fix …) that the change belongs to: what undoes it. */
  changeSetId: z.optional(z.string()),
  /** Whoever made the change asked that no flow begins by it (an import, for one). */
  suppressFlows: z.optional(z.boolean()),
};

export const EventDetail = z.looseObject(envelope);
export type EventDetail = z.output<typeof EventDetail>;

/** `{property: [from, to]}`; null = not set. */
export const Changes = z.record(z.string(), z.tuple([z.nullable(z.string()), z.nullable(z.string())]));
export type Changes = z.output<typeof Changes>;

/** A value of one side of a two-way sync; null = blank. */
const Sided = z.object({ side: z.enum(['tsunagi', 'salesforce']), value: z.nullable(z.string()) });

/** Why a sync wrote a property: the rule, and the value that won over the other side's. */
export const Explain = z.record(z.string(), z.object({ rule: z.string(), winner: Sided, loser: Sided }));
export type Explain = z.output<typeof Explain>;

export type Emitted = { readonly type: string; readonly detail: EventDetail };

/**
 * Declares an event. An event may gain optional fields in a version; it never loses, retypes or newly requires one.
 * `of` builds an emitted event, checked by its schema.
 */
export function defineEvent<const Type extends string, Fields extends z.core.$ZodShape>(
  type: Type,
  version: number,
  fields: Fields,
) {
  const schema = z.object({ ...envelope, ...fields });
  type Detail = z.output<typeof schema>;
  return {
    type,
    version,
    schema,
    of: (detail: Omit<Detail, 'version'>): { readonly type: Type; readonly detail: Detail } => ({
      type,
      detail: schema.parse({ ...detail, version }) as Detail,
    }),
  };
}

/** An event as EventBridge delivers it. */
export const Delivered = z.object({ 'detail-type': z.string(), source: z.string(), detail: EventDetail });
export type Delivered = z.output<typeof Delivered>;
