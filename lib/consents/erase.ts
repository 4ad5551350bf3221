import { createHash } from 'node:crypto';
import type { App } from '../core/app.ts';
import { consentKey, consentPartition, consentPrefix, consentProofKey } from '../table/preference-keys.ts';
import { ConsentEntry } from './entry.ts';

/** Two writes each, of the hundred that a transaction takes. */
const entriesAtOnce = 50;
/** The law wants the record kept for a month after the last mail; there is none after an erasure. */
const proofDays = 31;

/**
 * Takes an address out of the ledger. What stays for 31 days is a proof without a name: who can say the address finds what it agreed to, and
 * when, under its hash. Safe to repeat.
 */
export async function eraseConsents(app: App, email: string): Promise<void> {
  const hash = createHash('sha256').update(email).digest('hex');
  const expiresAt = Math.floor(Date.parse(app.now()) / 1000) + proofDays * 86_400;
  for (;;) {
    const query = { pk: consentPartition(email), prefix: consentPrefix, limit: entriesAtOnce };
    const { items } = await app.table.query(query, ConsentEntry);
    if (items.length === 0) return;
    await app.table.commit(
      items.flatMap(({ id, at, kind, subscriptionTypeId, textHash, source }) => [
        { remove: consentKey(email, id) },
        {
          put: {
            ...consentProofKey(hash, id),
            entity: 'consent-proof',
            at,
            kind,
            source: source.kind,
            ...(source.formId !== undefined && { formId: source.formId }),
            ...(subscriptionTypeId !== undefined && { subscriptionTypeId }),
            ...(textHash !== undefined && { textHash }),
            expiresAt,
          },
        },
      ]),
    );
  }
}
