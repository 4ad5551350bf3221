import { createHash } from 'node:crypto';
import { ConsentEntry } from '../consents/entry.ts';
import type { App } from '../core/app.ts';
import { type Choice, Subscription } from '../subscriptions/schema.ts';
import { consentPartition, consentPrefix, consentTextKey } from '../table/preference-keys.ts';
import { type Check, itemsAt, nameOf, type Problem } from './check.ts';

const check = 'consent';

/** An address is a person's: what is told names it by its hash. */
const nameOfAddress = (email: string) => `address ${createHash('sha256').update(email).digest('hex').slice(0, 16)}`;

/** Whether an entry of the ledger proves a choice: of its kind, or, for what came from a no to all mail, of all. */
function proves({ kind, subscriptionTypeId }: ConsentEntry, scope: string, { status, source }: Choice): boolean {
  if (status === 'NOT_SUBSCRIBED')
    return kind === 'WITHDRAWN' && (subscriptionTypeId === scope || subscriptionTypeId === 'all');
  return subscriptionTypeId === scope && kind === (source === 'CONFIRMATION' ? 'CONFIRMED' : 'GIVEN');
}

async function unproven(app: App, { email, all, types }: Subscription): Promise<Problem[]> {
  const entries = await app.table.all({ pk: consentPartition(email), prefix: consentPrefix }, ConsentEntry);
  const choices = [...Object.entries(types), ...(all ? [['all', all] as const] : [])];
  return choices
    .filter(([scope, choice]) => !entries.some((entry) => proves(entry, scope, choice)))
    .map(([scope]) => ({ check, key: nameOfAddress(email), what: `no ledger row proves its choice of ${scope}` }));
}

/** What an address chose stands in its ledger. */
const choices: Check = {
  entity: 'subscription',
  examine: async (app, items) => {
    const problems: Problem[] = [];
    for (const item of items) problems.push(...(await unproven(app, Subscription.parse(item))));
    return problems;
  },
};

/** The text that an entry says was shown is kept. */
const texts: Check = {
  entity: 'consent',
  examine: async (app, items) => {
    const shown = items
      .map((item) => ConsentEntry.parse(item))
      .flatMap(({ id, textHash }) => (textHash ? [{ id, textHash }] : []));
    const kept = await itemsAt(
      app,
      shown.map(({ textHash }) => consentTextKey(textHash)),
    );
    return shown
      .filter(({ textHash }) => !kept.has(nameOf(consentTextKey(textHash))))
      .map(({ id }) => ({ check, key: `entry ${id}`, what: 'the text that was shown is gone' }));
  },
};

export const consentChecks: readonly Check[] = [choices, texts];
