import * as z from 'zod/mini';
import { RecordCreated, RecordUpdated } from '../../events/record.ts';
import type { App } from '../core/app.ts';
import type { StreamedEvent } from '../stream/event-record.ts';
import { inParallel } from '../table/in-parallel.ts';
import { associationPrefix, detachedKey, type RecordRef, recordKey } from '../table/keys.ts';
import { bringAttributionUpToDate, contacts, deals } from './apply.ts';
import { placing } from './place.ts';

type Told = Pick<StreamedEvent, 'type' | 'detail'>;
const readsAtOnce = 4;

/** Keeps the attribution up to these events: contacts, won deals, and who goes with whom. */
export async function projectAttribution(app: App, events: readonly Told[]): Promise<void> {
  const records = events.filter(concerns).map(({ detail }) => ({ objectType: detail.objectType, id: detail.recordId }));
  const moved = events.filter(movesDeals).map(({ detail }) => ({ objectType: contacts, id: detail.recordId }));
  const theirs = await inParallel(moved, readsAtOnce, (contact) => dealsOf(app, contact));
  const refs = [...records, ...events.flatMap(dealOfPair), ...theirs.flat()];
  if (refs.length > 0) await bringAttributionUpToDate(app, refs);
}

const changesAny = ({ detail }: Told, names: readonly string[]): boolean =>
  names.some((name) => name in ((detail.changes ?? {}) as object));

function concerns(event: Told): boolean {
  const names = placing[event.detail.objectType];
  if (!names || !event.type.startsWith('record.')) return false;
  return event.type !== RecordUpdated.type || changesAny(event, names);
}

const firstTouch = (placing[contacts] ?? []).filter((name) => name !== 'lifecyclestage');

/** Whether an event of a contact may move what its deals count for. */
const movesDeals = (event: Told): boolean =>
  event.detail.objectType === contacts &&
  event.type.startsWith('record.') &&
  event.type !== RecordCreated.type &&
  (event.type !== RecordUpdated.type || changesAny(event, firstTouch));

/** The deal of a pair with a contact that came or went. */
function dealOfPair({ type, detail }: Told): RecordRef[] {
  if (!type.startsWith('association.')) return [];
  const { objectType, recordId, toObjectType, toRecordId } = detail;
  if (objectType === deals && toObjectType === contacts) return [{ objectType: deals, id: recordId }];
  return objectType === contacts && toObjectType === deals ? [{ objectType: deals, id: String(toRecordId) }] : [];
}

const Pair = z.object({ toId: z.string() });

/** All deals of a contact, those that were put aside with it in the archive too. */
async function dealsOf(app: App, contact: RecordRef): Promise<RecordRef[]> {
  const { pk } = recordKey(contact);
  const aside = detachedKey(contact, { objectType: deals, id: '' }).sk;
  const found: RecordRef[] = [];
  for (const prefix of [associationPrefix(deals), aside])
    for (const { toId } of await app.table.all({ pk, prefix }, Pair)) found.push({ objectType: deals, id: toId });
  return found;
}
