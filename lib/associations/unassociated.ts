import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmRecord } from '../objects/record.ts';
import { absentOrBelow, attributes } from '../table/conditions.ts';
import { pause, StaleRead } from '../table/contention.ts';
import { commitGroups } from '../table/groups.ts';
import { inParallel } from '../table/in-parallel.ts';
import { associationPrefix, type Key, type RecordRef, recordKey } from '../table/keys.ts';
import { detachedPrefix } from '../table/list-state-keys.ts';
import { unassociatedKey, unassociatedStateKey } from '../table/policy-keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import { activePolicy, missingGroups, type Policy, requiredTypes } from './policy.ts';
import { readPolicies } from './policy-store.ts';
import { liveAssociated } from './required.ts';

/** What was found the last time. The row outlives the listing, so that no turn comes twice. */
export const UnassociatedState = z.object({
  pk: z.string(),
  turn: z.number(),
  missing: z.array(z.array(z.string())),
  ownerId: z.optional(z.string()),
  since: z.optional(z.string()),
});
type State = z.output<typeof UnassociatedState>;

const perRound = 50;
const readsAtOnce = 8;
const mostTries = 20;
/** A state of a record that is gone for good is kept as long as events of it may still come. */
const keptSeconds = 30 * 24 * 60 * 60;

/**
 * Lists records that lack an association, or takes them off the list, as they are now. Each reads its state row, then the policies, the
 * record and its associations, and commits under the condition that the state's turn is the one that it read. Who commits last has
 * therefore read after the one before: it does not matter how often, in which order or by how many this is done.
 */
export async function reconsider(app: App, refs: readonly RecordRef[]): Promise<void> {
  const distinct = [...new Map(refs.map((ref) => [recordKey(ref).pk, ref])).values()];
  for (let start = 0; start < distinct.length; start += perRound) {
    let left: readonly RecordRef[] = distinct.slice(start, start + perRound);
    for (let tries = 0; left.length > 0; tries += 1) {
      if (tries === mostTries) throw new StaleRead('Others looked at the same records all the time');
      if (tries > 0) await pause(tries);
      left = await round(app, left);
    }
  }
}

/** Returns the records that somebody came between. */
async function round(app: App, refs: readonly RecordRef[]): Promise<RecordRef[]> {
  const states = await app.table.getMany(refs.map(unassociatedStateKey), UnassociatedState);
  const policies = await readPolicies(app);
  const records = await app.table.getMany(refs.map(recordKey), CrmRecord);
  const stateOf = new Map(states.map((state) => [state.pk, state]));
  const recordOf = new Map(records.map((record) => [recordKey(record).pk, record]));
  const groups = await inParallel(refs, readsAtOnce, (ref) => {
    const { pk } = recordKey(ref);
    return decide(app, ref, {
      state: stateOf.get(pk),
      record: recordOf.get(pk),
      policy: activePolicy(policies, ref.objectType),
    });
  });
  const outcomes = await commitGroups(app.table, groups);
  return refs.filter((_, position) => {
    const error = outcomes[position];
    if (error && !(error instanceof StaleRead)) throw error;
    return error !== undefined;
  });
}

type Found = {
  readonly state: State | undefined;
  readonly record: CrmRecord | undefined;
  readonly policy: Policy | undefined;
};

async function decide(app: App, ref: RecordRef, { state, record, policy }: Found): Promise<Step[]> {
  if (!state && (!record || !policy)) return [];
  const missing = await missingOf(app, record, policy);
  const isListed = missing.length > 0;
  const ownerId = isListed ? record?.properties.hubspot_owner_id || undefined : undefined;
  const since = isListed ? (state?.since ?? app.now()) : undefined;
  const seconds = Math.floor(Date.parse(app.now()) / 1000);
  const key = unassociatedStateKey(ref);
  const next = {
    ...key,
    entity: 'unassociated-state',
    turn: (state?.turn ?? 0) + 1,
    missing,
    ...(ownerId !== undefined && { ownerId }),
    ...(since !== undefined && { since }),
    ...(!record && { expiresAt: seconds + keptSeconds }),
  };
  // A row whose time is over may still lie there.
  const when = state ? attributes({ turn: state.turn }) : absentOrBelow('expiresAt', seconds + 1);
  const was = state?.since === undefined ? [] : listingKeys(ref, state.ownerId);
  const is = isListed ? listingKeys(ref, ownerId) : [];
  const row = { entity: 'unassociated', recordId: ref.id, missing, since, ...(ownerId !== undefined && { ownerId }) };
  return [
    orStale({ put: next, when }),
    ...was.filter(({ pk }) => !is.some((each) => each.pk === pk)).map((each) => orStale({ remove: each })),
    ...is.map((each) => orStale({ put: { ...each, ...row } })),
  ];
}

/** What a record lacks now, as its policy asks it; who is in the archive lacks nothing. */
export async function missingOf(
  app: App,
  record: CrmRecord | undefined,
  policy: Policy | undefined,
): Promise<string[][]> {
  if (!record || record.archivedAt !== undefined || !policy) return [];
  return missingGroups(policy, await associatedTypes(app, record, policy));
}

/** Where a record that lacks something is listed. */
export const listingKeys = ({ objectType, id }: RecordRef, ownerId: string | undefined): Key[] => [
  unassociatedKey(objectType, id),
  ...(ownerId === undefined ? [] : [unassociatedKey(objectType, id, ownerId)]),
];

/**
 * The required types of which the record is associated with a live record. Pairs of a record that is archived, or was restored a moment
 * ago, are moved after its event is heard: those that wait to be moved back count, those that wait to be moved away do not.
 */
async function associatedTypes(app: App, ref: RecordRef, policy: Policy): Promise<Set<string>> {
  const found = new Set<string>();
  for (const objectType of requiredTypes(policy)) {
    const other =
      (await liveAssociated(app, ref, associationPrefix(objectType))) ??
      (await liveAssociated(app, ref, detachedPrefix(objectType)));
    if (other) found.add(objectType);
  }
  return found;
}
