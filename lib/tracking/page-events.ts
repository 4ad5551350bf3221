import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { send } from '../custom-events/send.ts';
import { readRecord } from '../objects/read-store.ts';
import { pageEventPrefix, visitorPartition } from '../table/tracking-keys.ts';
import { findVisitor } from './visitor-store.ts';

const PageEvent = z.object({
  pk: z.string(),
  sk: z.string(),
  eventId: z.string(),
  name: z.string(),
  occurredAt: z.string(),
  properties: z.array(z.object({ name: z.string(), value: z.string() })),
});
const perPage = 50;

/**
 * Tells the custom events that wait with a visitor of its contact, each once by its id. One that the definitions do not know, or whose values
 * do not fit, is forgotten: nobody is there any more who could be told.
 */
export async function tellPageEvents(app: App, hutk: string): Promise<void> {
  const linked = (await findVisitor(app, hutk))?.contactId;
  const contact = linked && (await readRecord(app, '0-1', { id: linked }, { followMerged: true }));
  if (!contact) return;
  for (;;) {
    const { items } = await app.table.query(
      { pk: visitorPartition(hutk), prefix: pageEventPrefix, limit: perPage },
      PageEvent,
    );
    for (const event of items) await tell(app, contact.id, event);
    if (items.length < perPage) return;
  }
}

async function tell(app: App, contactId: string, event: z.output<typeof PageEvent>): Promise<void> {
  const { pk, sk, eventId, name, occurredAt, properties } = event;
  const texts = Object.fromEntries(properties.map((property) => [property.name, property.value]));
  try {
    await send(app, { eventName: name, objectId: contactId, uuid: eventId, occurredAt, properties: texts });
  } catch (error) {
    if (!(error instanceof CrmError) || error.status >= 500) throw error;
  }
  await app.table.commit([{ remove: { pk, sk } }]);
}
