import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { attributes } from '../table/conditions.ts';
import { samePersonKey } from '../table/quality-keys.ts';
import { ConditionFailed } from '../table/table.ts';
import type { Write } from '../table/write.ts';

/** The contacts with a sign, by the sign. */
export type Groups = ReadonlyMap<string, ReadonlySet<string>>;

export const SamePersonRow = z.object({ sign: z.string(), contactIds: z.optional(z.set(z.string())) });

export const duplicatesShown = 5;
/**
 * A sign has at most about as many contacts, so that its row stays small. Later ones know of the first; when those change, the later ones
 * are not looked at.
 */
export const fullGroup = 50;

/** A hundred signs are one request. A sign that nobody has any more, and whose row is still there, has an empty group. */
export async function readGroups(app: App, signs: readonly string[]): Promise<Groups> {
  const rows = await app.table.getMany(signs.map(samePersonKey), SamePersonRow);
  return new Map(rows.map(({ sign, contactIds }) => [sign, contactIds ?? new Set()]));
}

/** Who else has one of the signs: the first five. */
export function doublesOf(contactId: string, signs: readonly string[], groups: Groups): string[] {
  const all = new Set(signs.flatMap((sign) => [...(groups.get(sign) ?? [])]));
  all.delete(contactId);
  return [...all].sort().slice(0, duplicatesShown);
}

/** That a contact comes to have a sign, or has it no longer. */
export type SignChange = { readonly sign: string; readonly contactId: string; readonly has: boolean };

/** One write for each sign. Nobody may take a sign and another leave it in one transaction: DynamoDB does not add to and take from one set. */
export function groupWrites(changes: readonly SignChange[]): Write[] {
  const bySign = Map.groupBy(changes, ({ sign }) => sign);
  return [...bySign].map(([sign, of]): Write => {
    const ids = new Set(of.map(({ contactId }) => contactId));
    const update = samePersonKey(sign);
    return of[0]?.has
      ? { update, set: { entity: 'same-person', sign }, add: { contactIds: ids } }
      : { update, take: { contactIds: ids } };
  });
}

/** Takes away the rows of signs that nobody has any more: a number or an address must not outlive whose it was. */
export async function clearEmpty(app: App, groups: Groups): Promise<void> {
  for (const [sign, { size }] of groups) {
    if (size > 0) continue;
    const empty = attributes({ contactIds: undefined });
    await app.table.commit([{ remove: samePersonKey(sign), when: empty }]).catch((error: unknown) => {
      if (!(error instanceof ConditionFailed)) throw error;
    });
  }
}
