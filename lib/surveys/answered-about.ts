import type { AssociationInput } from '../associations/inline.ts';
import { whereIs } from '../associations/live-record.ts';
import { StoredPair } from '../associations/pair.ts';
import type { App } from '../core/app.ts';
import { findSend } from '../sends/send-store.ts';
import { associationKey, associationPrefix, type RecordRef } from '../table/keys.ts';
import type { StoredAnswer } from './answer-row.ts';
import type { Invitation } from './invitation.ts';

const contacts = '0-1';
const deals = '0-3';
/** Deals that one answer is associated with: the newest; so many are looked at for that, because some may have gone a moment ago. */
const mostDeals = 5;
const dealsLookedAt = 10;

/** What an answer is associated with, and what its row keeps of that. */
export type Concerned = {
  readonly associations: readonly AssociationInput[];
  readonly kept: Pick<StoredAnswer, 'about' | 'dealIds'>;
};

/**
 * What the answer to an invitation concerns: the contact, the record that the mail was about, and
 * deals: that record when it is one, else the newest five of it, or of the contact when the mail was about nothing. Records that are
 * gone are left out, but for the contact: without it there is no answer.
 */
export async function concernedBy(app: App, invitation: Invitation): Promise<Concerned> {
  const contact = { objectType: contacts, id: invitation.contactId };
  const send = await findSend(app, invitation.sendId);
  const named = send?.about && { objectType: send.about.objectType, id: send.about.recordId };
  const about = named && (await living(app, named));
  const dealRefs = about?.objectType === deals ? [about] : await dealsOf(app, about ?? contact);
  const others = [...(about && about.objectType !== deals ? [about] : []), ...dealRefs];
  return {
    associations: [contact, ...others].map((to) => ({ to, types: 'default' })),
    kept: {
      ...(about && { about: { objectType: about.objectType, recordId: about.id } }),
      ...(dealRefs.length > 0 && { dealIds: dealRefs.map(({ id }) => id) }),
    },
  };
}

async function living(app: App, record: RecordRef): Promise<RecordRef | undefined> {
  const { ref, state } = await whereIs(app, record);
  return state === 'ALIVE' ? ref : undefined;
}

async function dealsOf(app: App, record: RecordRef): Promise<RecordRef[]> {
  const { items } = await app.table.query(
    {
      pk: associationKey(record, record).pk,
      prefix: associationPrefix(deals),
      descending: true,
      limit: dealsLookedAt,
    },
    StoredPair,
  );
  const found: RecordRef[] = [];
  for (const { toId } of items) {
    const deal = found.length < mostDeals ? await living(app, { objectType: deals, id: toId }) : undefined;
    if (deal) found.push(deal);
  }
  return found;
}
