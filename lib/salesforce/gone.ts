import { SyncFailed } from '../../events/sync.ts';
import { archiveRecord } from '../objects/store.ts';
import { appendEvent } from '../table/event-log.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { dirtyWrite } from './dirty.ts';
import {
  type Link,
  linkStep,
  personRef,
  readLinks,
  readTwins,
  removeLinkStep,
  rolesSteps,
  type Twin,
  twinStep,
} from './link.ts';
import { fullId } from './salesforce-id.ts';
import type { Sobject } from './schema.ts';
import { quoted } from './soql.ts';
import { refuse, type Sync } from './sync.ts';

/** Where a person's Salesforce record is now. */
type Fate = { readonly salesforceId: string; readonly sobject: Sobject } | 'deleted';

/** Asks what became of records that cannot be written any more. Those that are as they were are not in the answer. */
export async function fatesOf(sync: Sync, sobject: Sobject, ids: readonly string[]): Promise<Map<string, Fate>> {
  const fates = new Map<string, Fate>();
  const converted = sobject === 'Lead' ? ', IsConverted, ConvertedContactId' : '';
  for (let start = 0; start < ids.length; start += 200) {
    const some = ids.slice(start, start + 200);
    const list = some.map(quoted).join(',');
    const soql = `SELECT Id, IsDeleted, MasterRecordId${converted} FROM ${sobject} WHERE Id IN (${list})`;
    const rows = await sync.client.query(soql, { deleted: true });
    const found = new Map(rows.map((row) => [fullId(row.Id), row]));
    for (const id of some) {
      const row = found.get(id);
      const fate = row ? fateOf(row, sobject) : 'deleted';
      if (fate) fates.set(id, fate);
    }
  }
  return fates;
}

/** What a row says about itself. A row that was purged from the bin is not found at all. */
export function fateOf(row: Readonly<Record<string, unknown>>, sobject: Sobject): Fate | undefined {
  if (row.IsDeleted === true)
    return typeof row.MasterRecordId === 'string' ? { salesforceId: fullId(row.MasterRecordId), sobject } : 'deleted';
  if (row.IsConverted === true && typeof row.ConvertedContactId === 'string')
    return { salesforceId: fullId(row.ConvertedContactId), sobject: 'Contact' };
  return undefined;
}

/** Follows a linked record to where it is now, or ends the link as the settings say. Safe to repeat. */
export async function follow(sync: Sync, link: Link, fate: Fate): Promise<void> {
  const twin = (await readTwins(sync.app, [link.recordId])).get(link.recordId);
  if (fate === 'deleted') return endLink(sync, link, twin);
  const target = (await readLinks(sync.app, [fate.salesforceId])).get(fate.salesforceId);
  if (!target) return moveLink(sync, link, twin, fate);
  if (target.recordId === link.recordId) return commitOrThrow(sync.app.table, [removeLinkStep(link)]);
  const message = `In Salesforce this person is one with ${fate.salesforceId}, which is linked with the record ${target.recordId}`;
  await unlink(sync, link, twin, message);
  await refuse(sync, {
    category: 'DUPLICATES',
    code: 'MERGED_INTO_LINKED',
    message,
    recordId: link.recordId,
    salesforceId: fate.salesforceId,
    sobject: fate.sobject,
  });
}

/** What is known of both sides goes along; the next look at the record compares with what the new one has. */
async function moveLink(sync: Sync, link: Link, twin: Twin | undefined, to: Exclude<Fate, 'deleted'>): Promise<void> {
  const { app } = sync;
  const at = app.now();
  const moved: Link = { ...link, ...to, marked: false, syncedAt: at };
  await commitOrThrow(app.table, [
    removeLinkStep(link),
    linkStep(moved, undefined),
    twinStep({ recordId: link.recordId, state: 'LINKED', ...to, at }, twin),
    ...rolesSteps(moved),
    orStale(dirtyWrite(app, personRef(link.recordId), { force: true })),
  ]);
}

async function endLink(sync: Sync, link: Link, twin: Twin | undefined): Promise<void> {
  const reason = 'deleted in Salesforce';
  if (sync.settings.onSalesforceDelete === 'unlink') return unlink(sync, link, twin, reason);
  const steps = unlinkSteps(sync, link, twin, reason);
  await archiveRecord(sync.app, '0-1', link.recordId, { also: () => steps.map(({ write }) => write) });
  sync.counts.pulled += 1;
}

/** The record stays, tied to nothing; only a resync that a person asks for makes a new pair. Its log says why. */
async function unlink(sync: Sync, link: Link, twin: Twin | undefined, reason: string): Promise<void> {
  const { app } = sync;
  const told = SyncFailed.of({
    id: app.newEventId(),
    objectType: '0-1',
    recordId: link.recordId,
    occurredAt: app.now(),
    actor: app.actor,
    cause: [...app.cause],
    category: 'ASSOCIATIONS',
    code: 'UNLINKED',
    message: reason,
    salesforceId: link.salesforceId,
  });
  await commitOrThrow(app.table, [...unlinkSteps(sync, link, twin, reason), orStale(appendEvent(told))]);
}

const unlinkSteps = ({ app }: Sync, link: Link, twin: Twin | undefined, reason: string): Step[] => {
  const { recordId, salesforceId, sobject } = link;
  return [
    removeLinkStep(link),
    twinStep({ recordId, state: 'UNLINKED', salesforceId, sobject, reason, at: app.now() }, twin),
  ];
};
