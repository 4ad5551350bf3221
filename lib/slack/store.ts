import type { App } from '../core/app.ts';
import { NotYet } from '../core/consume.ts';
import { CrmError } from '../core/errors.ts';
import { Entry } from '../outgoing/entry.ts';
import { release } from '../outgoing/entry-store.ts';
import { contend } from '../table/contention.ts';
import { deliveryKey, deliveryListing } from '../table/keys.ts';
import { deliveryNotFound, resend, slackChannel } from './post.ts';

/** Posts, newest first. The cursor holds the place in the listing. */
export async function listSlackDeliveries(app: App, { after, limit }: { after?: string; limit: number }) {
  const listing = deliveryListing(slackChannel);
  const position = after && { startAfter: startAfter(listing, after) };
  const { items: found, lastKey } = await app.table.query(
    { pk: listing, index: 'gsi1', descending: true, limit: limit + 1, ...position },
    Entry,
  );
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, ...((found.length > limit || lastKey) && last && { after: `${last.createdAt}#${last.id}` }) };
}

const startAfter = (listing: string, place: string) => ({
  ...deliveryKey(slackChannel, place.slice(place.indexOf('#') + 1)),
  gsi1pk: listing,
  gsi1sk: place,
});

/** Sends a post again because a person asked for it. @throws CrmError 404, 409 when it arrived or is being sent */
export async function retrySlackDelivery(app: App, id: string): Promise<Entry> {
  const key = deliveryKey(slackChannel, id);
  const released = await contend(async () => {
    const entry = await app.table.get(key, Entry);
    if (!entry) throw deliveryNotFound(id);
    return release(app, entry);
  });
  if (!released) throw new CrmError('CONFLICT', 'The post has arrived, or is being sent');
  try {
    return await resend(app, released);
  } catch (error) {
    if (!(error instanceof NotYet)) throw error;
    return (await app.table.get(key, Entry)) ?? released;
  }
}
