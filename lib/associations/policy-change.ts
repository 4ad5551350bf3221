import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { forgetDefinitions } from '../objects/definition-cache.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { associationPoliciesKey } from '../table/policy-keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { type Policy, StoredPolicies } from './policy.ts';
import { policyCache } from './policy-store.ts';
import { typesFor } from './type-store.ts';
import { unassociatedBackfillKind } from './unassociated-job-kinds.ts';

/**
 * Puts these policies in the place of all. Every instance heeds them within five seconds; a job looks at the records of each type whose
 * policy changed. @throws CrmError 400 for a type that there is not, that has two policies, or that cannot be associated so
 */
export async function putPolicies(app: App, given: readonly Policy[]): Promise<readonly Policy[]> {
  const policies = await checked(app, given);
  const jobs = await contend(async () => {
    const before = await app.table.get(associationPoliciesKey, StoredPolicies);
    const types = changedTypes(before?.policies ?? [], policies);
    if (types.length === 0) return [];
    const orders = types.map((objectType) => jobWrites(app, { kind: unassociatedBackfillKind, input: { objectType } }));
    const made = await Promise.all(orders);
    const item = { ...associationPoliciesKey, entity: 'association-policies', version: (before?.version ?? 0) + 1 };
    await commitOrThrow(app.table, [
      orStale({ put: { ...item, policies }, when: before ? versionIs(before.version) : absent }),
      ...made.flatMap(({ writes }) => writes.map(orStale)),
    ]);
    return made.map(({ job }) => job);
  });
  forgetDefinitions(policyCache);
  for (const job of jobs) await announceJob(job);
  return policies;
}

function changedTypes(before: readonly Policy[], after: readonly Policy[]): string[] {
  const policyOf = (policies: readonly Policy[], objectType: string) =>
    JSON.stringify(policies.find((policy) => policy.objectType === objectType));
  const types = new Set([...before, ...after].map(({ objectType }) => objectType));
  return [...types].filter((objectType) => policyOf(before, objectType) !== policyOf(after, objectType));
}

/** The policies with type ids for the names of types. */
async function checked(app: App, given: readonly Policy[]): Promise<Policy[]> {
  const policies: Policy[] = [];
  for (const { objectType: named, requires, mode, sources } of given) {
    const { objectTypeId } = await loadObjectType(app, named);
    if (policies.some(({ objectType }) => objectType === objectTypeId)) throw twice(named);
    const groups = [];
    for (const { anyOf } of requires) groups.push({ anyOf: await associable(app, objectTypeId, anyOf) });
    policies.push({ objectType: objectTypeId, requires: groups, mode, sources: [...new Set(sources)] });
  }
  return policies;
}

/** @throws CrmError 400 when there is no association between the types */
async function associable(app: App, from: string, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const { objectTypeId } = await loadObjectType(app, name);
    const types = await typesFor(app, { fromObjectType: from, toObjectType: objectTypeId });
    types.default(from, objectTypeId);
    found.push(objectTypeId);
  }
  return [...new Set(found)];
}

const twice = (objectType: string) =>
  new CrmError('VALIDATION_ERROR', `There are two policies of ${objectType}`, {
    context: { objectType: [objectType] },
  });
