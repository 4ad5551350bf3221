import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { consentKey, consentTextKey } from '../table/preference-keys.ts';
import type { Write } from '../table/write.ts';
import type { ConsentEntry } from './entry.ts';

export type NewConsent = Omit<ConsentEntry, 'id' | 'textHash'> & {
  /** Exactly what the person saw beside the box or the button. */
  readonly shownText?: string;
};

/** A text that was shown, under its hash. */
export const ConsentText = z.object({ hash: z.string(), text: z.string() });

/**
 * The row of the ledger that proves what somebody agreed to, refused or took back. It belongs into the transaction of what it proves. The
 * text is kept before, once for all rows that show it: a text without a row proves nothing and harms nothing.
 */
export async function consentWrite(app: App, { shownText, ...entry }: NewConsent): Promise<Write> {
  const textHash = shownText ? await keepText(app, shownText) : undefined;
  const id = app.newEventId();
  return {
    put: {
      ...consentKey(entry.email, id),
      entity: 'consent',
      id,
      ...entry,
      ...(textHash !== undefined && { textHash }),
    },
  };
}

/** Outside of the caller's transaction: people who send one form at once would stand in each other's way. */
async function keepText(app: App, text: string): Promise<string> {
  const hash = createHash('sha256').update(text).digest('hex');
  const key = consentTextKey(hash);
  if (await app.table.get(key, ConsentText, { consistent: false })) return hash;
  await app.table.update({ update: key, set: { entity: 'consent-text', hash, text } }, ConsentText);
  return hash;
}
