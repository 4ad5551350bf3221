import * as z from 'zod/mini';
import { defineEvent } from './define.ts';

const membership = { listId: z.string() };

/** The record of the envelope came into a list. `quiet`: whoever changed the list's filters wants no flow to begin by it. */
export const ListMemberAdded = defineEvent('list.member-added', 1, {
  ...membership,
  quiet: z.optional(z.boolean()),
});

/** The record of the envelope left a list. */
export const ListMemberRemoved = defineEvent('list.member-removed', 1, membership);
