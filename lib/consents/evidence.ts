import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { mayReceive } from '../subscriptions/choices.ts';
import { addressOf, findSubscription } from '../subscriptions/store.ts';
import { subscriptionTypes } from '../subscriptions/type-store.ts';
import { consentKey, consentPartition, consentPrefix, consentTextKey } from '../table/preference-keys.ts';
import { ConsentEntry } from './entry.ts';
import { ConsentText } from './ledger.ts';

const mostEntries = 100;

export const EvidenceQuery = z.object({
  email: z.string(),
  format: z.optional(z.enum(['json', 'html'])),
  lang: z.optional(z.string()),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(mostEntries)), mostEntries),
  after: z.optional(z.string().check(z.maxLength(100))),
});
type EvidenceQuery = z.output<typeof EvidenceQuery>;

const Standing = z.object({
  subscriptionTypeId: z.string(),
  name: z.object({ ja: z.string(), en: z.string() }),
  mayReceive: z.boolean(),
});

export const Evidence = z.object({
  email: z.string(),
  /** What holds now. */
  standing: z.array(Standing),
  /** Everything that the ledger knows, newest first, each with the text that was shown. */
  results: z.array(z.extend(ConsentEntry, { shownText: z.optional(z.string()) })),
  paging: z.optional(z.object({ next: z.object({ after: z.string() }) })),
});
export type Evidence = z.output<typeof Evidence>;

/**
 * What an address agreed to, refused and took back, with the proof: a page of a hundred entries, newest first, and what holds now. An address
 * that never said anything has no entries. @throws CrmError 400
 */
export async function evidenceOf(app: App, { email: given, limit, after }: EvidenceQuery): Promise<Evidence> {
  const email = addressOf(given);
  const query = { pk: consentPartition(email), prefix: consentPrefix, limit, descending: true };
  const startAfter = after === undefined ? {} : { startAfter: consentKey(email, after) };
  const [page, chosen, types] = await Promise.all([
    app.table.query({ ...query, ...startAfter }, ConsentEntry),
    findSubscription(app, email),
    subscriptionTypes(app),
  ]);
  const hashes = page.items.flatMap(({ textHash }) => textHash ?? []);
  const texts = await app.table.getMany(hashes.map(consentTextKey), ConsentText);
  const textOf = new Map(texts.map(({ hash, text }) => [hash, text]));
  const last = page.items.at(-1);
  return {
    email,
    standing: types.map((type) => ({
      subscriptionTypeId: type.id,
      name: type.name,
      mayReceive: mayReceive(chosen, type),
    })),
    results: page.items.map((entry) => {
      const shownText = textOf.get(entry.textHash ?? '');
      return { ...entry, ...(shownText !== undefined && { shownText }) };
    }),
    ...(page.lastKey && last && { paging: { next: { after: last.id } } }),
  };
}
