import * as z from 'zod/mini';
import { defineEvent } from './define.ts';

const pair = {
  toObjectType: z.string(),
  toRecordId: z.string(),
  /** Label type ids as seen from the record of the envelope. */
  typeIds: z.array(z.number()),
};

/** Two records were associated, or their labels changed; `typeIds` is the set after the change. */
export const AssociationCreated = defineEvent('association.created', 1, {
  ...pair,
  /** The set before the change; absent when the two were not associated. */
  before: z.optional(z.array(z.number())),
  /** It came back with a record from the archive: nobody made it anew. */
  restored: z.optional(z.boolean()),
});

/** Labels were taken off a pair; `typeIds` are those that went. The pair is gone when `remaining` is empty. */
export const AssociationRemoved = defineEvent('association.removed', 1, { ...pair, remaining: z.array(z.number()) });
