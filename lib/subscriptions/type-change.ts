import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { forgetDefinitions } from '../objects/definition-cache.ts';
import { changeDefinitions } from '../objects/definition-turn.ts';
import { absent } from '../table/conditions.ts';
import { PreconditionFailed } from '../table/once.ts';
import { subscriptionTypeKey, subscriptionTypeUseKey } from '../table/preference-keys.ts';
import { alsoStep, commitOrThrow } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import type { SubscriptionTypeInput, SubscriptionTypePatch } from './type-schema.ts';
import { definitionsName, subscriptionTypes } from './type-store.ts';
import { isDefaultType, type SubscriptionType } from './types.ts';

/** A preferences page that somebody reads to its end. */
const mostTypes = 50;

export const publicType = (type: SubscriptionType) => ({ ...type, isDefault: isDefaultType(type.id) });

/** The kind of mail as it is now. @throws CrmError 404 */
export async function readSubscriptionType(app: App, id: string): Promise<SubscriptionType> {
  const found = (await subscriptionTypes(app, { fresh: true })).find((type) => type.id === id);
  if (!found) throw new CrmError('OBJECT_NOT_FOUND', `No subscription type has the id ${id}`);
  return found;
}

const putType = (type: SubscriptionType): Write => ({
  put: { ...subscriptionTypeKey(type.id), entity: 'subscription-type', ...type },
});

/** @throws CrmError 400 when there are 50 already */
export function createSubscriptionType(app: App, input: SubscriptionTypeInput): Promise<SubscriptionType> {
  const now = app.now();
  const type = { id: app.newId(), ...input, createdAt: now, updatedAt: now };
  return changeDefinitions(app, definitionsName, async () => {
    const { length } = await subscriptionTypes(app, { fresh: true });
    if (length >= mostTypes)
      throw new CrmError('VALIDATION_ERROR', `There can be at most ${mostTypes} subscription types`);
    return { result: type, writes: [putType(type)] };
  });
}

/** @throws CrmError 404 */
export const changeSubscriptionType = (app: App, id: string, patch: SubscriptionTypePatch): Promise<SubscriptionType> =>
  changeDefinitions(app, definitionsName, async () => {
    const before = await readSubscriptionType(app, id);
    const named = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const after = { ...before, ...named, updatedAt: app.now() };
    return { result: after, writes: [putType(after)] };
  });

/**
 * Deletes a kind that nothing ever referred to: no send, campaign or wish. @throws CrmError 404, 400 for one in use and for the three that are
 * there from the start: those can be made inactive
 */
export async function removeSubscriptionType(app: App, id: string): Promise<void> {
  if (isDefaultType(id)) throw inUse(id);
  await readSubscriptionType(app, id);
  try {
    await commitOrThrow(app.table, [
      alsoStep({ check: subscriptionTypeUseKey(id), when: absent }),
      alsoStep({ remove: subscriptionTypeKey(id) }),
    ]);
  } catch (error) {
    throw error instanceof PreconditionFailed ? inUse(id) : error;
  }
  forgetDefinitions(definitionsName);
}

const inUse = (id: string) =>
  new CrmError('VALIDATION_ERROR', `The subscription type ${id} is in use: it can only be made inactive`, {
    subCategory: 'SUBSCRIPTION_TYPE_IN_USE',
    context: { id: [id] },
  });
