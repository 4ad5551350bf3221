import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { standardTypeOf } from '../objects/object-types.ts';
import { contend } from '../table/contention.ts';
import { associationKey, associationPrefix, type RecordRef } from '../table/keys.ts';
import type { Mark } from '../table/once.ts';
import { alsoStep, commitOrThrow, onceStep } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { StoredPair } from './pair.ts';
import { planPair, type Wanted } from './plan.ts';
import type { AssociationSpec } from './schema.ts';
import type { AssociationTypes } from './type-store.ts';

export type { AssociationSpec } from './schema.ts';

export type AssociateOptions = {
  /** A mark that makes the change happen once: if it is there, nothing is written and `AlreadyDone` is thrown. */
  readonly once?: () => Mark;
  /** Writes that stand or fall with the change; a failed condition of theirs throws `PreconditionFailed`. */
  readonly also?: () => readonly Write[];
  /** `set` leaves the named labels only, as HubSpot's PUT does; `add` (the default) keeps the others. */
  readonly how?: 'set' | 'add';
};

/** A pair after a change: the labels as seen from `from`. */
export type Associated = {
  readonly from: RecordRef;
  readonly to: RecordRef;
  readonly typeIds: readonly number[];
  readonly types: AssociationTypes;
};

/** No record of a pair: HubSpot's words for each side. */
export const missingRecord = ({ objectType, id }: RecordRef, side: 'from' | 'to'): CrmError => {
  const name = standardTypeOf(objectType)?.singular ?? objectType;
  return new CrmError('OBJECT_NOT_FOUND', `No ${name} with ID ${id} exists`, {
    subCategory: `crm.associations.${side.toUpperCase()}_OBJECT_NOT_FOUND`,
    context: { objectType: [name], id: [id] },
  });
};

/** Associates two records, in both directions and with the event, in one transaction. @throws CrmError 400, 404 */
export function associate(
  app: App,
  from: RecordRef,
  to: RecordRef,
  types: readonly AssociationSpec[] | 'default',
  { once, also, how = 'add' }: AssociateOptions = {},
): Promise<Associated> {
  return change(app, { from, to, types, how }, { ...(once && { once }), ...(also && { also }) });
}

/** Takes labels off a pair; without its unlabelled type, or with `all`, the pair is no longer associated. Nothing there is no error. */
export const dissociate = (
  app: App,
  from: RecordRef,
  to: RecordRef,
  types: readonly AssociationSpec[] | 'all',
): Promise<Associated> => change(app, { from, to, types, how: 'remove' }, {});

/** One change of a pair, tried until nobody else comes between. */
export function change(
  app: App,
  wanted: Wanted,
  { once, also }: Pick<AssociateOptions, 'once' | 'also'>,
): Promise<Associated> {
  return contend(async () => {
    const { change, types, steps } = await planPair(app, wanted, { missing: missingRecord });
    const extras = [...(once ? [onceStep(once())] : []), ...(also?.() ?? []).map(alsoStep)];
    if (steps.length + extras.length > 0) await commitOrThrow(app.table, [...steps, ...extras]);
    return { from: wanted.from, to: wanted.to, typeIds: change.after, types };
  });
}

/** A page of the records of one type that are associated with a record, by id. `after` is the last id of the page before. */
export async function listAssociated(
  app: App,
  from: RecordRef,
  toObjectType: string,
  { after, limit }: { after?: string; limit: number },
): Promise<{ items: { to: RecordRef; typeIds: number[] }[]; after?: string }> {
  const page = await app.table.query(
    {
      pk: associationKey(from, from).pk,
      prefix: associationPrefix(toObjectType),
      limit: limit + 1,
      ...(after && { startAfter: associationKey(from, { objectType: toObjectType, id: after }) }),
    },
    StoredPair,
  );
  const items = page.items
    .slice(0, limit)
    .map(({ toId, typeIds }) => ({ to: { objectType: toObjectType, id: toId }, typeIds }));
  const more = page.items.length > limit || (page.lastKey !== undefined && page.items.length <= limit);
  const last = items.at(-1);
  return more && last ? { items, after: last.to.id } : { items };
}
