import * as z from 'zod/mini';
import type { Actor } from '../../events/define.ts';

/** `block`: who writes is refused. `warn`: it is written and listed. `off`: nothing is asked. */
const Mode = z.enum(['block', 'warn', 'off']);
/** Where a write comes from: a token, a person at a page, a form or survey, an import, a flow. */
const Source = z.enum(['api', 'ui', 'form', 'import', 'workflow']);
type Source = z.output<typeof Source>;

const TypeName = z.string().check(z.minLength(1), z.maxLength(100));
const Requirement = z.strictObject({ anyOf: z.array(TypeName).check(z.minLength(1), z.maxLength(10)) });
const Policy = z.strictObject({
  objectType: TypeName,
  requires: z.array(Requirement).check(z.minLength(1), z.maxLength(10)),
  mode: Mode,
  sources: z.array(Source).check(z.minLength(1), z.maxLength(5)),
});
export type Policy = z.output<typeof Policy>;

const mostPolicies = 50;
export const Policies = z.array(Policy).check(z.maxLength(mostPolicies, `takes at most ${mostPolicies} policies`));

/** All policies as they are stored: types are type ids. */
export const StoredPolicies = z.object({ version: z.number(), policies: z.array(Policy) });

/** The policy of a type that asks for something. */
export const activePolicy = (policies: readonly Policy[], objectType: string): Policy | undefined =>
  policies.find((policy) => policy.objectType === objectType && policy.mode !== 'off');

/** The policy that refuses what this actor writes of a type. */
export function blockingPolicy(
  policies: readonly Policy[],
  objectType: string,
  { kind }: Pick<Actor, 'kind'>,
): Policy | undefined {
  const policy = activePolicy(policies, objectType);
  const source = sourceOf(kind);
  return policy?.mode === 'block' && source && policy.sources.includes(source) ? policy : undefined;
}

/** A sync associates what it wrote a moment later, and what the system does nobody can be told of: both are listed, never refused. */
function sourceOf(kind: Actor['kind']): Source | undefined {
  switch (kind) {
    case 'token':
      return 'api';
    case 'user':
      return 'ui';
    case 'form':
    case 'survey':
      return 'form';
    case 'import':
      return 'import';
    case 'flow':
      return 'workflow';
    case 'salesforce':
    case 'system':
      return undefined;
  }
}

/** What a record lacks that is associated with records of these types: of each group, one would do. */
export const missingGroups = ({ requires }: Pick<Policy, 'requires'>, present: ReadonlySet<string>): string[][] =>
  requires.map(({ anyOf }) => anyOf).filter((group) => !group.some((objectType) => present.has(objectType)));

/** The types that records of the policy's type must be associated with, each once. */
export const requiredTypes = ({ requires }: Pick<Policy, 'requires'>): string[] => [
  ...new Set(requires.flatMap(({ anyOf }) => anyOf)),
];

/** The types whose policy asks for associations with records of this one. */
export const typesRequiring = (policies: readonly Policy[], objectType: string): string[] =>
  policies
    .filter((policy) => policy.mode !== 'off' && requiredTypes(policy).includes(objectType))
    .map((policy) => policy.objectType);
