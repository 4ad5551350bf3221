import type { Choice, Subscription, SubscriptionDefinition, SubscriptionStatus } from './schema.ts';
import { type SubscriptionType, subscriptionTypes } from './types.ts';

/** One kind of mail, or all of it. */
export type Scope = string | 'all';

/** Whether an address may get a kind of mail, by what it chose. */
export const mayReceive = (chosen: Pick<Subscription, 'all' | 'types'> | undefined, typeId: string): boolean =>
  chosen?.all?.status !== 'NOT_SUBSCRIBED' && chosen?.types[typeId]?.status !== 'NOT_SUBSCRIBED';

/** What is chosen after somebody said that they want no (more) mail of a kind, or none at all. Undefined when nothing changes. */
export function optedOut(chosen: Subscription, scope: Scope, choice: Choice): Subscription | undefined {
  if (scope === 'all') return chosen.all ? undefined : { ...chosen, all: choice };
  if (chosen.types[scope]?.status === 'NOT_SUBSCRIBED') return undefined;
  return { ...chosen, types: { ...chosen.types, [scope]: choice } };
}

/**
 * What is chosen after somebody wants a kind of mail (again). Who wanted no mail at all wants this kind from now on, and still no other.
 * Undefined when they want it already.
 */
export function optedIn(chosen: Subscription, typeId: string, choice: Choice): Subscription | undefined {
  const { all, ...rest } = chosen;
  if (!all && chosen.types[typeId]?.status === 'SUBSCRIBED') return undefined;
  const others = all ? subscriptionTypes.filter(({ id }) => id !== typeId).map(({ id }) => [id, all] as const) : [];
  return { ...rest, types: { ...chosen.types, ...Object.fromEntries(others), [typeId]: choice } };
}

/** Everything again, for the way back from "no mail at all". Undefined when nothing was taken back. */
export function everythingAgain(chosen: Subscription): Subscription | undefined {
  const { all, ...rest } = chosen;
  return all && rest;
}

export function statusOf(
  { id, name, description }: SubscriptionType,
  chosen: Subscription | undefined,
): SubscriptionStatus {
  const own = chosen?.types[id];
  const portalWide = chosen?.all;
  const deciding = portalWide ?? own;
  return {
    id,
    name: name.ja,
    description: description.ja,
    status: mayReceive(chosen, id) ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED',
    sourceOfStatus: portalWide ? 'PORTAL_WIDE_STATUS' : 'SUBSCRIPTION_STATUS',
    ...(deciding?.legalBasis && { legalBasis: deciding.legalBasis }),
    ...(deciding?.legalBasisExplanation && { legalBasisExplanation: deciding.legalBasisExplanation }),
  };
}

/** Types stand in code: they are as old as this installation's first version. */
const since = '2026-11-01T00:00:00.000Z';

export const definitionOf = ({ id, name, description, purpose }: SubscriptionType): SubscriptionDefinition => ({
  id,
  name: name.ja,
  description: description.ja,
  purpose,
  communicationMethod: 'Email',
  isActive: true,
  isDefault: id === '1',
  isInternal: false,
  createdAt: since,
  updatedAt: since,
});
