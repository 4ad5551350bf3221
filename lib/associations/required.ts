import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { present } from '../table/conditions.ts';
import { associationKey, associationPrefix, type RecordRef, recordKey } from '../table/keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import { blockingPolicy, missingGroups } from './policy.ts';
import { loadPolicies } from './policy-store.ts';

/**
 * A new record has the associations that a policy asks for. `steps` are those of the transaction that makes it, the associations among
 * them. Every writer of records comes by here: API, batches, forms, flows, imports. @throws CrmError 422 naming what is missing
 */
export const requireAssociated = (app: App, record: RecordRef, steps: readonly Step[]): Promise<void> =>
  requireTypes(app, record.objectType, () => typesAmong(record, steps));

/** As `requireAssociated`, when the types are known with which the new record will be associated. @throws CrmError 422 */
export async function requireTypes(app: App, objectType: string, types: () => ReadonlySet<string>): Promise<void> {
  const policy = blockingPolicy(await loadPolicies(app), objectType, app.actor);
  if (!policy) return;
  const groups = missingGroups(policy, types());
  if (groups.length > 0) throw await associationRequired(app, objectType, groups);
}

const typesAmong = ({ objectType, id }: RecordRef, steps: readonly Step[]): Set<string> =>
  new Set(
    steps.flatMap(({ write }) =>
      'put' in write &&
      write.put.entity === 'association' &&
      write.put.objectType === objectType &&
      write.put.id === id &&
      typeof write.put.toObjectType === 'string'
        ? [write.put.toObjectType]
        : [],
    ),
  );

async function associationRequired(app: App, objectType: string, groups: readonly (readonly string[])[]) {
  const nameOf = async (type: string) => (await loadObjectType(app, type)).name;
  const named = await Promise.all(groups.map((group) => Promise.all(group.map(nameOf))));
  const own = await nameOf(objectType);
  const wanted = named.map((group) => group.join(' or '));
  return new CrmError('VALIDATION_ERROR', `Records of ${own} must be associated with ${wanted.join(', and with ')}`, {
    status: 422,
    subCategory: 'ASSOCIATION_REQUIRED',
    errors: named.map((group) => ({
      message: `An association with ${group.join(' or ')} is required`,
      code: 'ASSOCIATION_REQUIRED',
      in: 'associations',
      context: { objectType: [own], anyOf: group },
    })),
  });
}

/**
 * The last association that a policy asks for is not taken away. The steps check that another one is still there when the pair goes:
 * of two who take away the last two, one is refused. An associated record that is archived takes its associations along all the same;
 * what then lacks one is listed. @throws CrmError 422
 */
export async function keepRequired(
  app: App,
  { from, to }: { readonly from: RecordRef; readonly to: RecordRef },
): Promise<Step[]> {
  const policies = await loadPolicies(app);
  const checks: Step[] = [];
  for (const [record, other] of [
    [from, to],
    [to, from],
  ] as const) {
    const policy = blockingPolicy(policies, record.objectType, app.actor);
    const groups = policy?.requires.map(({ anyOf }) => anyOf).filter((group) => group.includes(other.objectType)) ?? [];
    for (const group of groups) checks.push(await remainingStep(app, record, other, group));
  }
  return checks;
}

async function remainingStep(app: App, record: RecordRef, gone: RecordRef, group: readonly string[]): Promise<Step> {
  for (const objectType of group) {
    const left = await liveAssociated(app, record, associationPrefix(objectType), (other) => !same(other, gone));
    if (left) return orStale({ check: associationKey(record, left), when: present });
  }
  throw await associationRequired(app, record.objectType, [group]);
}

const same = (one: RecordRef, other: RecordRef) => one.objectType === other.objectType && one.id === other.id;

const Pair = z.object({ toObjectType: z.string(), toId: z.string() });
const Live = z.object({ pk: z.string(), archivedAt: z.optional(z.string()) });
const pairsAtOnce = 25;

/** The first record behind these pairs of a record that is live; pages are read until there is one, or no more. */
export async function liveAssociated(
  app: App,
  record: RecordRef,
  prefix: string,
  counts: (other: RecordRef) => boolean = () => true,
): Promise<RecordRef | undefined> {
  const { pk } = recordKey(record);
  let startAfter: Record<string, unknown> | undefined;
  do {
    const page = await app.table.query({ pk, prefix, limit: pairsAtOnce, ...(startAfter && { startAfter }) }, Pair);
    const others = page.items.map(({ toObjectType, toId }) => ({ objectType: toObjectType, id: toId })).filter(counts);
    const rows = await app.table.getMany(others.map(recordKey), Live);
    const live = new Set(rows.filter(({ archivedAt }) => archivedAt === undefined).map(({ pk }) => pk));
    const found = others.find((other) => live.has(recordKey(other).pk));
    if (found) return found;
    startAfter = page.lastKey;
  } while (startAfter);
  return undefined;
}
