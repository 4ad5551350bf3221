import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { cached, isNews } from '../objects/definition-cache.ts';
import { absent, present } from '../table/conditions.ts';
import { subscriptionTypeKey, subscriptionTypePartition, subscriptionTypeUseKey } from '../table/preference-keys.ts';
import { ConditionFailed } from '../table/table.ts';
import { isDefaultType, SubscriptionType, withDefaults } from './types.ts';

/** The cache's and the turn's name. */
export const definitionsName = 'subscription-types';

type Held = { readonly types: readonly SubscriptionType[]; readonly used: ReadonlySet<string> };

const Row = z.union([SubscriptionType, z.object({ usedId: z.string() })]);

/** One query of one small partition. */
async function readAll(app: App): Promise<Held> {
  const rows = await app.table.all({ pk: subscriptionTypePartition }, Row);
  return {
    types: withDefaults(rows.filter((row): row is SubscriptionType => 'optIn' in row)),
    used: new Set(rows.flatMap((row) => ('usedId' in row ? [row.usedId] : []))),
  };
}

const held = (app: App, options: { fresh?: boolean } = {}): Promise<Held> =>
  cached(definitionsName, 'types', () => readAll(app), options);

/** Every kind of mail, inactive ones too, as they were up to some seconds ago unless `fresh`. */
export const subscriptionTypes = async (
  app: App,
  options: { fresh?: boolean } = {},
): Promise<readonly SubscriptionType[]> => (await held(app, options)).types;

/** A kind of mail by its id; known at once after it was made. */
export async function findSubscriptionType(app: App, id: string): Promise<SubscriptionType | undefined> {
  const find = (types: readonly SubscriptionType[]) => types.find((type) => type.id === id);
  const known = find(await subscriptionTypes(app));
  return known ?? (isNews(definitionsName, id) ? find(await subscriptionTypes(app, { fresh: true })) : undefined);
}

/**
 * The active kind of mail that something new is to refer to (a send, a campaign, a form, a wish). From then on it counts as used, so that
 * nobody can delete it: one write in a kind's life. @throws CrmError 400 naming the field
 */
export async function subscriptionTypeOf(app: App, id: string, field: string): Promise<SubscriptionType> {
  const type = await findSubscriptionType(app, id);
  if (!type) throw refused(field, `no subscription type has the id ${id}`);
  if (!type.isActive) throw refused(field, `the subscription type ${id} is not active`);
  await noteUse(app, id, field);
  return type;
}

/** As `subscriptionTypeOf`, for an inactive kind, too: who has had enough may always say so. @throws CrmError 400 naming the field */
export async function anySubscriptionTypeOf(app: App, id: string, field: string): Promise<SubscriptionType> {
  const type = await findSubscriptionType(app, id);
  if (!type) throw refused(field, `no subscription type has the id ${id}`);
  await noteUse(app, id, field);
  return type;
}

/** Who deletes the kind checks this row, and who writes it checks the kind: one of the two comes first. */
async function noteUse(app: App, id: string, field: string): Promise<void> {
  if (isDefaultType(id) || (await held(app)).used.has(id)) return;
  const use = { ...subscriptionTypeUseKey(id), entity: 'subscription-type-use', usedId: id };
  try {
    await app.table.commit([
      { check: subscriptionTypeKey(id), when: present },
      { put: use, when: absent },
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if (error.at(0)) throw refused(field, `no subscription type has the id ${id}`);
  }
}

function refused(field: string, why: string): CrmError {
  const message = `${field}: ${why}`;
  return new CrmError('VALIDATION_ERROR', `Invalid input: ${message}`, {
    errors: [{ message, code: 'INVALID_VALUE', in: field }],
    context: { fields: [field] },
  });
}
