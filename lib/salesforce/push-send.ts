import { setTimeout as pause } from 'node:timers/promises';
import type { Explain } from '../../events/define.ts';
import { SyncPushed } from '../../events/sync.ts';
import type { CrmRecord } from '../objects/record.ts';
import { StaleRead } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { commitGroups } from '../table/groups.ts';
import { orStale, type Step } from '../table/steps.ts';
import type { RowResult } from './client.ts';
import { cleanStep, type Dirty } from './dirty.ts';
import { forgetSteps } from './errors.ts';
import { fatesOf, follow } from './gone.ts';
import { type Link, linkStep, newLinkSteps, type Twin } from './link.ts';
import { linkAfterSent, mappingsFor, type Sent } from './plan.ts';
import { categoryOf, hasMoved, isLocked, type Refusal } from './refusal.ts';
import { fullId } from './salesforce-id.ts';
import { contactType, externalIdField, type Sobject } from './schema.ts';
import { refuse, type Sync } from './sync.ts';

/** One record that is sent: changed under its Salesforce id, or made by ours. */
export type Parcel = {
  readonly dirty: Dirty;
  readonly record: CrmRecord;
  readonly sobject: Sobject;
  readonly link: Link | undefined;
  readonly twin: Twin | undefined;
  readonly sent: Sent;
  readonly explain: Explain;
};

const lockTries = 3;
const lockPauseMs = 300;

/** Sends up to 200 records of one sobject, and stores what became of each. One that is refused keeps no other out. */
export async function sendParcels(sync: Sync, parcels: readonly Parcel[]): Promise<void> {
  const done: { parcel: Parcel; result: RowResult }[] = [];
  const refused: { parcel: Parcel; refusal: Refusal }[] = [];
  let left = parcels;
  for (let tries = 1; left.length > 0; tries += 1) {
    const results = await callFor(sync, left);
    const locked: Parcel[] = [];
    for (const [position, result] of results.entries()) {
      const parcel = left[position] as Parcel;
      const refusal = refusalOf(result);
      if (!refusal) done.push({ parcel, result });
      else if (isLocked(refusal) && tries < lockTries) locked.push(parcel);
      else refused.push({ parcel, refusal });
    }
    left = locked;
    if (left.length > 0) await pause(lockPauseMs * tries * (0.5 + Math.random()));
  }
  await storeDone(sync, done);
  await storeRefused(sync, refused);
}

function callFor({ client }: Sync, parcels: readonly Parcel[]): Promise<RowResult[]> {
  const [first] = parcels;
  if (!first) return Promise.resolve([]);
  const bodies = parcels.map(({ link, record, sent }) => ({
    ...(link && { id: link.salesforceId }),
    [externalIdField]: record.id,
    ...sent.fields,
  }));
  return first.link ? client.update(first.sobject, bodies) : client.upsert(first.sobject, externalIdField, bodies);
}

function refusalOf({ success, errors }: RowResult): Refusal | undefined {
  if (success) return undefined;
  const [first] = errors;
  return {
    code: first?.statusCode ?? 'UNKNOWN',
    message: errors.map(({ message }) => message).join('; ') || 'refused without a reason',
    fields: errors.flatMap(({ fields }) => fields),
  };
}

async function storeDone(sync: Sync, done: readonly { parcel: Parcel; result: RowResult }[]): Promise<void> {
  const { app } = sync;
  const ids = done.map(({ parcel }) => parcel.record.id);
  const forget = sync.hasErrors ? await forgetSteps(app, ids) : new Map<string, Step>();
  const groups = done.map(({ parcel, result }) => [
    ...doneSteps(sync, parcel, result),
    ...(forget.has(parcel.record.id) ? [forget.get(parcel.record.id) as Step] : []),
  ]);
  const outcomes = await commitGroups(app.table, groups);
  const settled: Dirty[] = [];
  for (const [position, { parcel }] of done.entries()) {
    const error = outcomes[position];
    // Somebody wrote to the link meanwhile: the mark stays, and the next look finds that both sides agree.
    if (error && !(error instanceof StaleRead)) throw error;
    if (!error) settled.push(parcel.dirty);
  }
  sync.counts.pushed += settled.length;
  await clean(sync, settled);
}

function doneSteps({ app, mappings }: Sync, parcel: Parcel, result: RowResult): Step[] {
  const { record, sobject, link, twin, sent, explain } = parcel;
  const now = app.now();
  const salesforceId = link?.salesforceId ?? fullId(result.id ?? '');
  const known = link ?? { sobject, recordId: record.id, version: 0, base: {}, fallbacks: {} };
  const facts = { sobject, mappings: mappingsFor(mappings, sobject), properties: record.properties };
  const saved: Link = { ...linkAfterSent(known, sent, facts), salesforceId, marked: true, syncedAt: now };
  const pushed = SyncPushed.of({
    id: app.newEventId(),
    objectType: contactType,
    recordId: record.id,
    occurredAt: now,
    actor: app.actor,
    cause: [...app.cause],
    sobject,
    salesforceId,
    created: !link && result.created !== false,
    explain,
  });
  return [...(link ? [linkStep(saved, link)] : newLinkSteps(saved, twin)), orStale(appendEvent(pushed))];
}

/** Takes marks away; one that was renewed meanwhile stays. */
export async function clean({ app }: Sync, dirty: readonly Dirty[]): Promise<void> {
  const outcomes = await commitGroups(
    app.table,
    dirty.map((each) => [cleanStep(each)]),
  );
  const failed = outcomes.find((error) => error && !(error instanceof StaleRead));
  if (failed) throw failed;
}

async function storeRefused(sync: Sync, refused: readonly { parcel: Parcel; refusal: Refusal }[]): Promise<void> {
  const moved = refused.filter(({ parcel, refusal }) => parcel.link && hasMoved(refusal));
  const followed = await followMoved(
    sync,
    moved.flatMap(({ parcel }) => parcel.link ?? []),
  );
  const parked: Dirty[] = [];
  for (const { parcel, refusal } of refused) {
    // Its record there was deleted, merged or converted: the mark stays, for the one that it is now.
    if (followed.has(parcel.link?.salesforceId ?? '')) continue;
    await refuse(sync, {
      category: categoryOf(refusal),
      code: refusal.code,
      message: refusal.message,
      recordId: parcel.record.id,
      salesforceId: parcel.link?.salesforceId,
      sobject: parcel.sobject,
    });
    parked.push(parcel.dirty);
  }
  await clean(sync, parked);
}

/** Follows links whose records cannot be written any more; the answer is those that were deleted, merged or converted indeed. */
export async function followMoved(sync: Sync, links: readonly Link[]): Promise<Set<string>> {
  const followed = new Set<string>();
  for (const sobject of ['Contact', 'Lead'] as const) {
    const here = links.filter((link) => link.sobject === sobject);
    const fates = await fatesOf(
      sync,
      sobject,
      here.map(({ salesforceId }) => salesforceId),
    );
    for (const link of here) {
      const fate = fates.get(link.salesforceId);
      if (!fate) continue;
      try {
        await follow(sync, link, fate);
      } catch (error) {
        if (!(error instanceof StaleRead)) throw error;
      }
      followed.add(link.salesforceId);
    }
  }
  return followed;
}
