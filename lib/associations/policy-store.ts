import type { App } from '../core/app.ts';
import { cached } from '../objects/definition-cache.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { associationPoliciesKey } from '../table/policy-keys.ts';
import { type Policy, StoredPolicies } from './policy.ts';

export const policyCache = 'association-policies';

/** The policies as they are now, for those who keep the list of what lacks an association. */
export const readPolicies = async (app: App): Promise<readonly Policy[]> =>
  (await app.table.get(associationPoliciesKey, StoredPolicies))?.policies ?? [];

/** The policies as they were up to five seconds ago, for those who write records. */
export const loadPolicies = (app: App): Promise<readonly Policy[]> =>
  cached(policyCache, 'policies', () => readPolicies(app));

/** Policies with the names of types, as the API shows them. */
export async function publicPolicies(app: App, policies: readonly Policy[]): Promise<Policy[]> {
  const name = async (objectType: string) => (await loadObjectType(app, objectType)).name;
  const shown: Policy[] = [];
  for (const { objectType, requires, ...rest } of policies) {
    const groups = [];
    for (const { anyOf } of requires) groups.push({ anyOf: await Promise.all(anyOf.map(name)) });
    shown.push({ objectType: await name(objectType), requires: groups, ...rest });
  }
  return shown;
}
