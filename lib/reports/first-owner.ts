import * as z from 'zod/mini';
import { Changes } from '../../events/define.ts';
import type { App } from '../core/app.ts';
import type { CrmRecord } from '../objects/record.ts';
import { eventPrefix, recordKey } from '../table/keys.ts';
import { ownerProperty } from './contribution.ts';

const Logged = z.object({ detail: z.looseObject({ changes: z.optional(Changes) }) });

/** A record is given to somebody when it is made or soon after; the log is searched this far. */
const eventsSearched = 100;

/**
 * The first owner that a record ever had, by its log; undefined while it has had none. It does not depend on the order in which events
 * are looked at, and stays what it is when the record changes hands.
 */
export async function firstOwnerOf(app: App, record: CrmRecord): Promise<string | undefined> {
  if (record.version === 1) return record.properties[ownerProperty];
  const { items } = await app.table.query(
    { pk: recordKey(record).pk, prefix: eventPrefix, limit: eventsSearched },
    Logged,
  );
  for (const { detail } of items) {
    const owner = detail.changes?.[ownerProperty]?.[1];
    if (owner) return owner;
  }
  return undefined;
}
