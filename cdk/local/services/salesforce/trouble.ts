import { randomInt } from 'node:crypto';
import * as z from 'zod/mini';
import { type Random, seededRandom } from '../random.ts';
import { ApiError } from './api-error.ts';
import type { SObject } from './sobject.ts';
import { duplicatesDetected } from './uniqueness.ts';

const rowKinds = [
  'LOCKED',
  'INVALID',
  'DUPLICATE',
  'ENTITY_IS_DELETED',
  'CONVERTED',
  'INSUFFICIENT_ACCESS_OR_READONLY',
] as const;
const orgKinds = ['SESSION_EXPIRED', 'DAILY_LIMIT', 'DOWN', 'CUT_BODY'] as const;
type RowKind = (typeof rowKinds)[number];
type OrgKind = (typeof orgKinds)[number];

const TroubleInput = z.strictObject({
  kind: z.enum([...rowKinds, ...orgKinds]),
  /** How often it strikes; without it until it is ended, but sessions end once. */
  count: z.optional(z.int().check(z.minimum(1))),
  /** The first row or call that it strikes, counted from here: 1 is the next one. */
  nth: z._default(z.int().check(z.minimum(1)), 1),
  rate: z._default(z.number().check(z.minimum(0), z.maximum(1)), 1),
  seed: z.optional(z.int()),
  /** Which rows it strikes; without any of these, all. */
  sobject: z.optional(z.string()),
  ids: z.optional(z.array(z.string())),
  emails: z.optional(z.array(z.string())),
});

type Active = z.output<typeof TroubleInput> & { readonly random: Random; seen: number; hits: number };
export type TroubleState = Omit<Active, 'random'>;

export type StruckRow = { readonly id?: string; readonly emails: readonly string[] };

/** Trouble in the org on demand. Every draw comes from the trouble's own seeded sequence. */
export class Trouble {
  #active: Active[] = [];

  /** Throws zod's error for trouble that does not exist. */
  add(input: unknown): void {
    const { seed = randomInt(2 ** 31), ...trouble } = TroubleInput.parse(input);
    this.#active.push({ ...trouble, seed, seen: 0, hits: 0, random: seededRandom(seed) });
  }

  clear(): void {
    this.#active = [];
  }

  list(): TroubleState[] {
    return this.#active.map(({ random: _, ...trouble }) => trouble);
  }

  /** Whether this trouble strikes the call at hand. */
  strikes(kind: OrgKind): boolean {
    return this.#active.some((trouble) => trouble.kind === kind && hit(trouble));
  }

  /** Refuses a row that is to be in trouble. @throws ApiError */
  refuse(type: SObject, row: StruckRow): void {
    const trouble = this.#active.find((each) => isRowKind(each.kind) && concerns(each, type, row) && hit(each));
    if (trouble) throw refusal(trouble.kind as RowKind, type, row);
  }
}

const isRowKind = (kind: string): kind is RowKind => (rowKinds as readonly string[]).includes(kind);

function concerns({ sobject, ids, emails }: Active, type: SObject, row: StruckRow): boolean {
  if (sobject !== undefined && sobject.toLowerCase() !== type.name.toLowerCase()) return false;
  if (ids === undefined && emails === undefined) return true;
  if (ids?.some((id) => row.id !== undefined && id.slice(0, 15) === row.id.slice(0, 15))) return true;
  return emails?.some((email) => row.emails.includes(email.toLowerCase())) ?? false;
}

function hit(trouble: Active): boolean {
  const most = trouble.count ?? (trouble.kind === 'SESSION_EXPIRED' ? 1 : Number.POSITIVE_INFINITY);
  if (trouble.hits >= most) return false;
  trouble.seen += 1;
  if (trouble.seen < trouble.nth || trouble.random() >= trouble.rate) return false;
  trouble.hits += 1;
  return true;
}

function refusal(kind: RowKind, type: SObject, { id }: StruckRow): ApiError {
  switch (kind) {
    case 'LOCKED':
      return new ApiError(
        'UNABLE_TO_LOCK_ROW',
        `unable to obtain exclusive access to this record or 1 records: ${id ?? type.prefix}`,
      );
    case 'INVALID':
      return new ApiError('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'The record does not meet a rule of this org.');
    case 'DUPLICATE':
      return duplicatesDetected(type, [], true);
    case 'ENTITY_IS_DELETED':
      return new ApiError('ENTITY_IS_DELETED', 'entity is deleted');
    case 'CONVERTED':
      return new ApiError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
    case 'INSUFFICIENT_ACCESS_OR_READONLY':
      return new ApiError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  }
}
