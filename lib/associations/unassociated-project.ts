import { RecordCreated, RecordUpdated } from '../../events/record.ts';
import type { App } from '../core/app.ts';
import { announceJob, findJob, startJob } from '../jobs/store.ts';
import type { StreamedEvent } from '../stream/event-record.ts';
import { StaleRead } from '../table/contention.ts';
import type { RecordRef } from '../table/keys.ts';
import { activePolicy, type Policy, typesRequiring } from './policy.ts';
import { readPolicies } from './policy-store.ts';
import { reconsider } from './unassociated.ts';
import { unassociatedSpreadKind } from './unassociated-job-kinds.ts';
import { othersPage } from './unassociated-spread.ts';

type Told = Pick<StreamedEvent, 'type' | 'detail'>;

/** An archived record that more records than this are associated with is looked after by a job, so that other events do not wait. */
const mostReached = 200;

/**
 * Keeps the list of records that lack an association up to these events. The policies are read after the invocation began, so that a
 * policy that was put before an event always hears of it; what was there before is the business of the back-fill.
 */
export async function projectUnassociated(app: App, events: readonly Told[]): Promise<void> {
  const policies = await readPolicies(app);
  if (policies.length === 0) return;
  const refs: RecordRef[] = [];
  for (const event of events) refs.push(...(await concerned(app, policies, event)));
  await reconsider(
    app,
    refs.filter(({ objectType }) => activePolicy(policies, objectType)),
  );
}

async function concerned(app: App, policies: readonly Policy[], { type, detail }: Told): Promise<RecordRef[]> {
  const record = { objectType: detail.objectType, id: detail.recordId };
  if (type.startsWith('association.')) return [record, ...otherSide(detail)];
  if (!type.startsWith('record.')) return [];
  if (type === RecordCreated.type) return [record];
  if (type === RecordUpdated.type) return changesOwner(detail) ? [record] : [];
  const found = [record];
  for (const objectType of typesRequiring(policies, record.objectType)) {
    const page = await othersPage(app, record, objectType, undefined, mostReached);
    if (page.next) await spread(app, record, objectType, detail.id);
    else found.push(...page.refs);
  }
  return found;
}

const otherSide = ({ toObjectType, toRecordId }: Told['detail']): RecordRef[] =>
  typeof toObjectType === 'string' && typeof toRecordId === 'string'
    ? [{ objectType: toObjectType, id: toRecordId }]
    : [];

const changesOwner = ({ changes }: Told['detail']): boolean =>
  typeof changes === 'object' && changes !== null && 'hubspot_owner_id' in changes;

/** The event's id is the job's: an event that is delivered again starts no second one. */
async function spread(app: App, record: RecordRef, objectType: string, eventId: string): Promise<void> {
  const id = `${unassociatedSpreadKind}.${eventId}.${objectType}`;
  try {
    await startJob(app, { kind: unassociatedSpreadKind, id, input: { record, objectType } });
  } catch (error) {
    const job = error instanceof StaleRead ? await findJob(app, id) : undefined;
    if (!job) throw error;
    await announceJob(job);
  }
}
