import * as z from 'zod/mini';
import { contactThreadKey, threadKey, threadLatestKey } from '../table/inbox-keys.ts';
import { type Check, itemsAt, nameOf, type Problem } from './check.ts';

const check = 'thread';

const Facts = z.object({ id: z.string(), contactId: z.optional(z.string()), latestMessageAt: z.string() });

/** A thread has its row in the order of last messages, at its place, and its twin with its contact. */
const threads: Check = {
  entity: 'thread',
  examine: async (app, items) => {
    const facts = items.map((item) => Facts.parse(item));
    const stored = await itemsAt(
      app,
      facts.flatMap(({ id, contactId }) => [
        threadLatestKey(id),
        ...(contactId === undefined ? [] : [contactThreadKey(contactId, id)]),
      ]),
    );
    return facts.flatMap(({ id, contactId, latestMessageAt }): Problem[] => {
      const key = nameOf(threadKey(id));
      const latest = stored.get(nameOf(threadLatestKey(id)))?.gsi1sk;
      const hasTwin = contactId === undefined || stored.has(nameOf(contactThreadKey(contactId, id)));
      return [
        ...(latest === `${latestMessageAt}#${id}` ? [] : [{ check, key, what: 'is not listed at its last message' }]),
        ...(hasTwin ? [] : [{ check, key, what: 'is not with its contact' }]),
      ];
    });
  },
};

export const threadChecks: readonly Check[] = [threads];
