import type { App } from '../core/app.ts';
import { isAddress } from '../mail/address.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { absentOrBelow, versionIs } from '../table/conditions.ts';
import { suppressionKey } from '../table/keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import { afterTrouble, Suppression, type Trouble } from './suppression.ts';

/** What is noted of addresses that mail could not be brought to, or whose owners complained: steps for the transaction of the news. */
export async function troubleSteps(app: App, addresses: readonly string[], trouble: Trouble): Promise<Step[]> {
  const emails = [...new Set(addresses.map(normaliseEmail))].filter(isAddress);
  const known = new Map(
    (await app.table.getMany(emails.map(suppressionKey), Suppression)).map((row) => [row.email, row]),
  );
  const now = app.now();
  // An expired row may still lie there.
  const forgotten = absentOrBelow('expiresAt', Math.floor(Date.parse(now) / 1000) + 1);
  return emails.map((email) => {
    const before = known.get(email);
    const put = { ...suppressionKey(email), entity: 'suppression', ...afterTrouble(before, { email, trouble, now }) };
    return orStale({ put, when: before ? versionIs(before.version) : forgotten });
  });
}
