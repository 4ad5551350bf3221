import type { Choice, Subscription, SubscriptionDefinition, SubscriptionStatus } from './schema.ts';
import { isDefaultType, type SubscriptionType } from './types.ts';

/** One kind of mail, or all of it. */
export type Scope = string | 'all';

type Chosen = Pick<Subscription, 'all' | 'types'> | undefined;

/** What keeps mail of a kind from an address, by what it chose: it said no, or it has not said yes where the kind asks for it. */
export function choiceBarrier(
  chosen: Chosen,
  { id, optIn }: Pick<SubscriptionType, 'id' | 'optIn'>,
): 'UNSUBSCRIBED' | 'NOT_OPTED_IN' | undefined {
  const own = chosen?.types[id]?.status;
  if (chosen?.all?.status === 'NOT_SUBSCRIBED' || own === 'NOT_SUBSCRIBED') return 'UNSUBSCRIBED';
  if (own === 'PENDING' || (optIn !== 'NONE' && own !== 'SUBSCRIBED')) return 'NOT_OPTED_IN';
  return undefined;
}

/** Whether an address may get a kind of mail, by what it chose. */
export const mayReceive = (chosen: Chosen, type: Pick<SubscriptionType, 'id' | 'optIn'>): boolean =>
  choiceBarrier(chosen, type) === undefined;

/**
 * What is chosen after somebody said that they want no (more) mail of a kind, or none at all: then what waits for a second yes waits no more,
 * so that no old link brings mail back. Undefined when nothing changes.
 */
export function optedOut(chosen: Subscription, scope: Scope, choice: Choice): Subscription | undefined {
  if (scope === 'all') {
    const said = Object.entries(chosen.types);
    const kept = said.filter(([, { status }]) => status !== 'PENDING');
    return chosen.all && kept.length === said.length
      ? undefined
      : { ...chosen, all: choice, types: Object.fromEntries(kept) };
  }
  if (chosen.types[scope]?.status === 'NOT_SUBSCRIBED') return undefined;
  return { ...chosen, types: { ...chosen.types, [scope]: choice } };
}

/**
 * What is chosen after somebody wants a kind of mail (again). Who wanted no mail at all wants this kind from now on, and still none of the
 * others (`typeIds` has all of them). Undefined when they want it already.
 */
export function optedIn(
  chosen: Subscription,
  typeId: string,
  choice: Choice,
  typeIds: readonly string[],
): Subscription | undefined {
  const { all, ...rest } = chosen;
  if (!all && chosen.types[typeId]?.status === 'SUBSCRIBED') return undefined;
  const others = all ? typeIds.filter((id) => id !== typeId).map((id) => [id, all] as const) : [];
  return { ...rest, types: { ...chosen.types, ...Object.fromEntries(others), [typeId]: choice } };
}

/**
 * What is chosen after somebody wants a kind of mail that asks for a second yes: until then nothing comes that did not come before. Undefined
 * when they said it already, once or twice.
 */
export function pending(chosen: Subscription, typeId: string, choice: Choice): Subscription | undefined {
  const own = chosen.types[typeId]?.status;
  if (own === 'PENDING' || (own === 'SUBSCRIBED' && !chosen.all)) return undefined;
  return { ...chosen, types: { ...chosen.types, [typeId]: choice } };
}

/** Everything again, for the way back from "no mail at all". Undefined when nothing was taken back. */
export function everythingAgain(chosen: Subscription): Subscription | undefined {
  const { all, ...rest } = chosen;
  return all && rest;
}

export function statusOf(type: SubscriptionType, chosen: Subscription | undefined): SubscriptionStatus {
  const portalWide = chosen?.all;
  const deciding = portalWide ?? chosen?.types[type.id];
  return {
    id: type.id,
    name: type.name.ja,
    description: type.description.ja,
    status: mayReceive(chosen, type) ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED',
    sourceOfStatus: portalWide ? 'PORTAL_WIDE_STATUS' : 'SUBSCRIPTION_STATUS',
    ...(deciding?.legalBasis && { legalBasis: deciding.legalBasis }),
    ...(deciding?.legalBasisExplanation && { legalBasisExplanation: deciding.legalBasisExplanation }),
  };
}

/** HubSpot's translations of a kind: times are milliseconds. */
export const translationsOf = ({ id, name, description, createdAt, updatedAt }: SubscriptionType) =>
  (['ja', 'en'] as const).map((languageCode) => ({
    subscriptionId: Number(id),
    languageCode,
    name: name[languageCode],
    description: description[languageCode],
    createdAt: Date.parse(createdAt),
    updatedAt: Date.parse(updatedAt),
  }));

export const definitionOf = (type: SubscriptionType): SubscriptionDefinition => ({
  id: type.id,
  name: type.name.ja,
  description: type.description.ja,
  purpose: type.purpose,
  communicationMethod: type.communicationMethod,
  isActive: type.isActive,
  isDefault: isDefaultType(type.id),
  isInternal: type.isInternal,
  createdAt: type.createdAt,
  updatedAt: type.updatedAt,
});
