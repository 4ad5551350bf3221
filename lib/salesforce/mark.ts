import * as z from 'zod/mini';
import { Changes, type Delivered } from '../../events/define.ts';
import { FormSubmitted } from '../../events/form.ts';
import { ListMemberAdded } from '../../events/list.ts';
import { RecordUpdated } from '../../events/record.ts';
import { send } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { dirtyWrite } from './dirty.ts';
import { personRef } from './link.ts';
import { contactType, type Settings, type StoredMapping } from './schema.ts';
import { findSettings, readMappings } from './settings.ts';

/** One read of the settings serves all messages of an invocation. */
function once<T>(app: App, name: string, read: () => Promise<T>): Promise<T> {
  const known = app.memo.get(name) as Promise<T> | undefined;
  if (known) return known;
  const value = read();
  app.memo.set(name, value);
  return value;
}

/**
 * Marks the contact of an event for the next run, when it concerns Salesforce. What the sync itself wrote does not. Someone who sent a form
 * does not wait for the next run: one that only sends is asked for at once.
 */
export async function mark(app: App, event: Delivered): Promise<void> {
  const { detail } = event;
  if (detail.objectType !== contactType || detail.actor.kind === 'salesforce') return;
  const settings = await once(app, 'salesforce-settings', () => findSettings(app));
  if (!settings || !(await concerns(app, event, settings))) return;
  await app.table.commit([dirtyWrite(app, personRef(detail.recordId))]);
  if (event['detail-type'] === FormSubmitted.type) await send('salesforce', [{ kind: 'PUSH' }]);
}

const Changed = z.object({ changes: Changes });
const Joined = z.object({ listId: z.string() });

async function concerns(app: App, { 'detail-type': type, detail }: Delivered, settings: Settings): Promise<boolean> {
  switch (type) {
    case RecordUpdated.type: {
      const mappings = await once(app, 'salesforce-mappings', () => readMappings(app));
      return touches(mappings, Object.keys(Changed.parse(detail).changes));
    }
    case ListMemberAdded.type:
      return Joined.parse(detail).listId === settings.inclusionListId;
    default:
      return true;
  }
}

const touches = (mappings: readonly StoredMapping[], properties: readonly string[]): boolean =>
  mappings.some(({ property, rule }) => rule !== 'none' && properties.includes(property));
