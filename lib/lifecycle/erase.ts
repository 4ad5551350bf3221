import * as z from 'zod/mini';
import { RecordErased } from '../../events/record.ts';
import { whereIs } from '../associations/live-record.ts';
import { eraseConsents } from '../consents/erase.ts';
import { type App, envelopeOf } from '../core/app.ts';
import type { Job } from '../jobs/job.ts';
import { jobWrites } from '../jobs/store.ts';
import { mergedIds } from '../merges/decide.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { isRecordId, recordNotFound } from '../objects/not-found.ts';
import { type RecordReference, uniqueOwner } from '../objects/read-store.ts';
import { CrmRecord } from '../objects/record.ts';
import { recordsSteps } from '../objects/record-steps.ts';
import { typeKnowing } from '../objects/store.ts';
import { contend } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { type RecordRef, recordKey, subscriptionKey, suppressionKey } from '../table/keys.ts';
import { erasedKey } from '../table/lifecycle-keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { blockWrite } from './blocked-address.ts';
import { eraseKind } from './job-kinds.ts';

const contacts = '0-1';

/** Where a record was erased: the event that says so stays in its log. */
const Erased = z.object({ eventId: z.string() });

export const findErased = (app: App, ref: RecordRef) => app.table.get(erasedKey(ref), Erased);

/**
 * Erases a record for good, at once as far as anybody can find or read it; the same transaction starts the job that takes away what else
 * is known of it: its log, both sides of its associations, its memberships, answers, mails and submissions, and the records that were
 * merged into it. The contact's addresses do not come back but by a form. Erased before: nothing happens. @throws CrmError 404
 */
function eraseOnRequest(app: App, ref: RecordRef): Promise<Job | undefined> {
  return contend(async () => {
    const { ref: found } = await whereIs(app, ref);
    const record = await app.table.get(recordKey(found), CrmRecord);
    if (!record) {
      if (await findErased(app, found)) return undefined;
      throw recordNotFound(ref);
    }
    await forgetFurther(app, record);
    const refs = [record.id, ...mergedIds(record)].map((id) => ({ objectType: record.objectType, id }));
    const { job, writes } = await jobWrites(app, { kind: eraseKind, input: { refs, requested: true } });
    await commitOrThrow(app.table, [...(await eraseSteps(app, record, { requested: true })), ...writes.map(orStale)]);
    return job;
  });
}

/** The writes that put a tombstone in a record's place. What the address wished for mail goes when the person asked for it. */
export async function eraseSteps(
  app: App,
  record: CrmRecord,
  { requested }: { readonly requested: boolean },
): Promise<Step[]> {
  const type = await typeKnowing(app, record);
  const event = RecordErased.of({ ...envelopeOf(app, record), wasArchived: record.archivedAt !== undefined });
  return [
    ...recordsSteps(type, [{ before: record, after: undefined }]),
    orStale({ put: { ...erasedKey(record), entity: 'erased', eventId: event.detail.id, erasedAt: app.now() } }),
    orStale(appendEvent(event)),
    ...(requested
      ? addressesOf(record)
          .slice(0, addressesAtOnce)
          .flatMap((email) => forgetAddress(app, email))
      : []),
  ];
}

/** So many addresses are forgotten with the record: each takes three of a transaction's hundred writes, and its unique value one. */
const addressesAtOnce = 5;
const addressesPerCommit = 30;

/**
 * What the addresses agreed to, and the further addresses that merges brought, before the record goes: who dies in between is told of no success, and a repeat does it
 * again. Those of the record itself go with it.
 */
export async function forgetFurther(app: App, record: CrmRecord): Promise<void> {
  for (const email of addressesOf(record)) await eraseConsents(app, email);
  const emails = addressesOf(record).slice(addressesAtOnce);
  for (let start = 0; start < emails.length; start += addressesPerCommit) {
    const some = emails.slice(start, start + addressesPerCommit);
    await app.table.commit(some.flatMap((email) => forgetAddress(app, email)).map(({ write }) => write));
  }
}

function addressesOf({ objectType, properties, aliases }: CrmRecord): string[] {
  if (objectType !== contacts) return [];
  const all = [properties.email, ...(aliases?.email ?? [])].filter((email) => email !== undefined);
  return [...new Set(all.map(normaliseEmail))];
}

const forgetAddress = (app: App, email: string): Step[] => [
  orStale(blockWrite(email, app.now())),
  orStale({ remove: subscriptionKey(email) }),
  orStale({ remove: suppressionKey(email) }),
];

/**
 * Erases the record that has this id or unique value. An address that no contact has is blocked all the same, as HubSpot does it.
 * @throws CrmError 400 for a property that is not unique, 404 for an id or another value that no record has
 */
export async function eraseReferenced(app: App, objectType: string, ref: RecordReference): Promise<Job | undefined> {
  if (isRecordId(ref.idProperty)) return eraseOnRequest(app, { objectType, id: ref.id });
  const owner = await uniqueOwner(app, objectType, ref.idProperty ?? '', ref.id);
  if (owner !== undefined) return eraseOnRequest(app, { objectType, id: owner });
  if (objectType !== contacts || ref.idProperty !== 'email') throw recordNotFound(ref);
  await eraseConsents(app, normaliseEmail(ref.id));
  await app.table.commit(forgetAddress(app, normaliseEmail(ref.id)).map(({ write }) => write));
  return undefined;
}
