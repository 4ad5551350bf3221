import * as z from 'zod/mini';
import { AssociationCreated, AssociationRemoved } from '../../events/association.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { absent, alive, attributes } from '../table/conditions.ts';
import { loggedSteps } from '../table/event-log.ts';
import { associationKey, primaryKey, type RecordRef, recordKey } from '../table/keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import { type AssociationTypes, sorted } from './type-store.ts';
import { isPrimary } from './types.ts';

/** One side of an associated pair, under the record whose side it is. */
export const StoredPair = z.object({
  objectType: z.string(),
  id: z.string(),
  toObjectType: z.string(),
  toId: z.string(),
  /** As seen from this side, rising. */
  typeIds: z.array(z.number()),
});
export type StoredPair = z.output<typeof StoredPair>;

/** Who is the primary one: `toId` may have lost the flag since, its own pair says. */
export const StoredPrimary = z.object({ toId: z.string(), version: z.number() });
export type StoredPrimary = z.output<typeof StoredPrimary>;

export type Pair = { readonly from: RecordRef; readonly to: RecordRef };

/** The type ids of a pair before and after, as seen from `from`; undefined or empty = not associated. */
export type PairChange = Pair & { readonly before: readonly number[] | undefined; readonly after: readonly number[] };

const pairItem = (types: AssociationTypes, { from, to }: Pair, typeIds: readonly number[]): StoredPair[] => [
  { ...from, toObjectType: to.objectType, toId: to.id, typeIds: sorted(typeIds) },
  { ...to, toObjectType: from.objectType, toId: from.id, typeIds: types.inverse(typeIds) },
];

/** Says that a record of the pair does not exist or is archived. */
export type MissingError = (ref: RecordRef, side: 'from' | 'to') => Error;

const same = (one: readonly number[], other: readonly number[]) => sorted(one).join() === sorted(other).join();

/**
 * The writes of a change: both directions and the event. The records that the caller writes itself in the same transaction (`writing`)
 * are not checked, the others must exist. Empty when nothing changes.
 */
export function pairSteps(
  app: App,
  types: AssociationTypes,
  { from, to, before, after }: PairChange,
  options: { missing: MissingError; writing?: readonly RecordRef[]; restored?: boolean },
): Step[] {
  if (same(before ?? [], after)) return [];
  const unchanged = before ? attributes({ typeIds: before }) : absent;
  const [there, back] = [associationKey(from, to), associationKey(to, from)];
  if (after.length === 0)
    return [
      orStale({ remove: there, when: unchanged }),
      orStale({ remove: back }),
      ...eventSteps(app, { from, to, before, after }),
    ];
  const [mine, theirs] = pairItem(types, { from, to }, after);
  return [
    orStale({ put: { ...there, entity: 'association', ...mine }, when: unchanged }),
    orStale({ put: { ...back, entity: 'association', ...theirs } }),
    ...checkSteps({ from, to }, options),
    ...eventSteps(app, { from, to, before, after }, options.restored),
  ];
}

type Checked = { readonly missing: MissingError; readonly writing?: readonly RecordRef[] };

function checkSteps({ from, to }: Pair, { missing, writing = [] }: Checked): Step[] {
  const sides = [
    { ref: from, side: 'from' as const },
    { ref: to, side: 'to' as const },
  ];
  return sides
    .filter(({ ref }) => !writing.some((each) => each.id === ref.id && each.objectType === ref.objectType))
    .map(({ ref, side }) => ({ write: { check: recordKey(ref), when: alive }, refused: () => missing(ref, side) }));
}

function eventSteps(app: App, { from, to, before = [], after }: PairChange, restored = false): Step[] {
  const detail = { ...envelopeOf(app, from), toObjectType: to.objectType, toRecordId: to.id };
  const removed = before.filter((typeId) => !after.includes(typeId));
  const added = after.some((typeId) => !before.includes(typeId));
  if (added || removed.length === 0)
    return loggedSteps(
      AssociationCreated.of({
        ...detail,
        typeIds: [...after],
        ...(before.length > 0 && { before: [...before] }),
        ...(restored && { restored }),
      }),
    );
  return loggedSteps(AssociationRemoved.of({ ...detail, typeIds: removed, remaining: [...after] }));
}

/** The side of the pair that gets its primary by this change, with the type id of the flag as seen from that side. */
export function newPrimary(types: AssociationTypes, { from, to, before = [], after }: PairChange) {
  const added = after.filter((typeId) => !before.includes(typeId));
  const here = added.find(isPrimary);
  if (here !== undefined) return { owner: from, target: to, typeId: here };
  const there = types.inverse(added).find(isPrimary);
  return there === undefined ? undefined : { owner: to, target: from, typeId: there };
}

/** The write that makes the target the primary one; whoever else sets it at the same time must look again. */
export const primaryStep = (owner: RecordRef, target: RecordRef, current: StoredPrimary | undefined): Step =>
  orStale({
    put: {
      ...primaryKey(owner, target.objectType),
      entity: 'primary',
      toId: target.id,
      version: (current?.version ?? 0) + 1,
    },
    when: current ? attributes({ version: current.version }) : absent,
  });
