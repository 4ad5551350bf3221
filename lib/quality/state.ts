import * as z from 'zod/mini';
import { absentOrBelow, attributes } from '../table/conditions.ts';
import { findingCountKey, findingKey, findingOwnerListing, nameStateKey } from '../table/quality-keys.ts';
import type { Write } from '../table/write.ts';
import type { SignChange } from './doubles.ts';
import { FindingType, Suggestion } from './schema.ts';

/** What the check of a contact found, as of its last look. */
export const NameState = z.object({
  contactId: z.string(),
  /** Rises with each look: who looked at something older does not write. */
  turn: z.number(),
  lastname: z.string(),
  firstname: z.string(),
  ownerId: z.string(),
  /** The contact is archived, merged or erased: it has no findings, and its row is kept for a month only. */
  gone: z.boolean(),
  /** By type: since when. */
  findings: z.record(z.string(), z.string()),
  suggestion: z.optional(Suggestion),
  /** Other contacts that seem to be the same person; at most five. */
  duplicates: z.array(z.string()),
  /** By which signs it may be the same person as others. */
  signs: z.array(z.string()),
  /** Signs that have so many contacts that it does not stand among them. */
  crowded: z.optional(z.array(z.string())),
  /** Signs that it left, whose other contacts are still to be looked at. */
  left: z.array(z.string()),
  /** By type: what a person said to be right as it is. */
  dismissed: z.record(z.string(), z.string()),
});
export type NameState = z.output<typeof NameState>;

/** A row of the work list. */
export const FindingRow = z.object({
  type: FindingType,
  contactId: z.string(),
  ownerId: z.string(),
  foundAt: z.string(),
});
export type FindingRow = z.output<typeof FindingRow>;

/** By how much the counter of a type and owner changes. */
export type Delta = { readonly type: string; readonly ownerId: string; readonly by: 1 | -1 };
export type Change = {
  readonly state: NameState;
  readonly writes: readonly Write[];
  readonly deltas: readonly Delta[];
  readonly signs: readonly SignChange[];
};

/** What a dismissal holds for: another name, or another double, is looked at anew. */
export const dismissalOf = (type: string, state: Pick<NameState, 'lastname' | 'firstname' | 'duplicates'>): string =>
  type === 'DUPLICATE_PERSON' ? [...state.duplicates].sort().join(',') : `${state.lastname}\n${state.firstname}`;

const daysKept = 30;

/** The writes that bring the rows of a contact from one state to the next; they hold only while nobody else has looked since. */
export function changeOf(before: NameState | undefined, after: NameState, now: string): Change {
  const seconds = Math.floor(Date.parse(now) / 1000);
  const expiresAt = seconds + daysKept * 86_400;
  const state: Write = {
    put: { ...nameStateKey(after.contactId), entity: 'name-state', ...after, ...(after.gone && { expiresAt }) },
    // A row whose time is over may still lie there, for days.
    when: before ? attributes({ turn: before.turn }) : absentOrBelow('expiresAt', seconds + 1),
  };
  const rows = findingWrites(before, after);
  return { state: after, writes: [state, ...rows.writes], deltas: rows.deltas, signs: signChanges(before, after) };
}

function findingWrites(before: NameState | undefined, after: NameState): { writes: Write[]; deltas: Delta[] } {
  const moved = before !== undefined && before.ownerId !== after.ownerId;
  const old = Object.keys(before?.findings ?? {});
  const fresh = Object.keys(after.findings);
  const gone = old.filter((type) => !fresh.includes(type));
  const added = fresh.filter((type) => moved || !old.includes(type));
  return {
    writes: [
      ...gone.map((type): Write => ({ remove: findingKey(type, after.contactId) })),
      ...added.map((type): Write => ({ put: findingItem(type, after) })),
    ],
    deltas: [
      ...old
        .filter((type) => moved || gone.includes(type))
        .map((type) => ({ type, ownerId: before?.ownerId ?? '', by: -1 as const })),
      ...added.map((type) => ({ type, ownerId: after.ownerId, by: 1 as const })),
    ],
  };
}

const findingItem = (type: string, { contactId, ownerId, findings }: NameState) => ({
  ...findingKey(type, contactId),
  gsi1pk: findingOwnerListing(type, ownerId),
  gsi1sk: contactId,
  entity: 'finding',
  type,
  contactId,
  ownerId,
  foundAt: findings[type],
});

const listedSigns = ({ signs, crowded = [] }: NameState) => signs.filter((sign) => !crowded.includes(sign));

function signChanges(before: NameState | undefined, after: NameState): SignChange[] {
  const { contactId } = after;
  const [old, now] = [before ? listedSigns(before) : [], listedSigns(after)];
  return [
    ...old.filter((sign) => !now.includes(sign)).map((sign) => ({ sign, contactId, has: false })),
    ...now.filter((sign) => !old.includes(sign)).map((sign) => ({ sign, contactId, has: true })),
  ];
}

/** One write for each counter: what the changes of a transaction add to it together. */
export function counterWrites(deltas: readonly Delta[]): Write[] {
  const sums = new Map<string, { readonly delta: Delta; by: number }>();
  for (const delta of deltas) {
    const name = `${delta.type}#${delta.ownerId}`;
    const sum = sums.get(name) ?? { delta, by: 0 };
    sum.by += delta.by;
    sums.set(name, sum);
  }
  return [...sums.values()].flatMap(({ delta: { type, ownerId }, by }) =>
    by === 0 ? [] : [{ update: findingCountKey(type, ownerId), set: { type, ownerId }, add: { findings: by } }],
  );
}
