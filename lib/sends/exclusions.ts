import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { sendPartition } from '../table/keys.ts';
import { excludedKey, excludedPrefix } from '../table/send-keys.ts';
import { transactionLimit } from '../table/table.ts';
import { exclusions } from './exclusion-reasons.ts';
import { findPreview } from './preview-store.ts';
import type { Excluded } from './screen.ts';
import { readSend } from './send-store.ts';

const Row = z.object({
  contactId: z.string(),
  reason: z.enum(exclusions),
  /** Which rule of the fatigue policy. */
  rule: z.optional(z.string()),
  /** When the reason ends by itself. */
  until: z.optional(z.string()),
  /** The tokens that the mail would have left empty. */
  tokens: z.optional(z.array(z.string())),
  at: z.string(),
});
/** Somebody of an audience who gets no mail. */
export const PublicExclusion = Row;
type PublicExclusion = z.output<typeof PublicExclusion>;

const keptDays = 400;

/**
 * Writes down who is left out, so that a page can say who and until when. `by` is the look or the expansion that found it; a row that an
 * earlier one left is not shown any more. A duplicate gets its mail and is not written down.
 */
export async function noteExcluded(app: App, sendId: string, excluded: readonly Excluded[], by: string): Promise<void> {
  const at = app.now();
  const expiresAt = Math.floor(Date.parse(at) / 1000) + keptDays * 86_400;
  const people = new Map(excluded.filter(({ reason }) => reason !== 'DUPLICATE').map((each) => [each.contactId, each]));
  const writes = [...people.values()].map((each) => ({
    put: { ...excludedKey(sendId, each.contactId), entity: 'excluded', ...each, by, at, expiresAt },
  }));
  for (let start = 0; start < writes.length; start += transactionLimit)
    await app.table.commit(writes.slice(start, start + transactionLimit));
}

const Stored = z.extend(Row, { by: z.string() });

/** A page of those who are left out, by contact id: as the expansion found it, before it as the last look did. @throws CrmError 404 */
export async function showExclusions(
  app: App,
  id: string,
  { reason, after, limit }: { readonly reason?: string | undefined; readonly after?: string; readonly limit: number },
): Promise<{ readonly excluded: PublicExclusion[]; readonly after?: string }> {
  const [{ status }, preview] = await Promise.all([readSend(app, id), findPreview(app, id)]);
  const by = status === 'DRAFT' ? preview?.run : 'EXPANSION';
  const found: PublicExclusion[] = [];
  let startAfter: Record<string, unknown> | undefined = after === undefined ? undefined : excludedKey(id, after);
  do {
    const query = { pk: sendPartition(id), prefix: excludedPrefix, limit: limit + 1 };
    const page = await app.table.query({ ...query, ...(startAfter && { startAfter }) }, Stored);
    const shown = page.items.filter((row) => row.by === by && (reason === undefined || row.reason === reason));
    found.push(...shown.map(({ by: _, ...row }) => row));
    startAfter = page.lastKey;
  } while (startAfter && found.length <= limit);
  const excluded = found.slice(0, limit);
  const last = excluded.at(-1);
  return { excluded, ...(found.length > limit && last && { after: last.contactId }) };
}
