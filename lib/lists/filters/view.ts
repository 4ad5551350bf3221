import type { Subscription } from '../../subscriptions/schema.ts';
import type { OptIn } from '../../subscriptions/types.ts';
import type { FilterBranch } from './schema.ts';

/** Something that happened to a record, from its log. */
export type Happened = {
  readonly type: string;
  readonly at: number;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** A record as filters see it: what `needsOf` says that they need, and no more. */
export type View = {
  readonly objectType: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, string | undefined>>;
  /** Those of the lists asked for that the record is in. */
  readonly lists: ReadonlySet<string>;
  /** Newest first. */
  readonly log: readonly Happened[];
  readonly subscription?: Pick<Subscription, 'all' | 'types'> | undefined;
  /** The kinds of mail that go only to who said yes, by id. */
  readonly optIns?: ReadonlyMap<string, OptIn>;
  /** By object type: the live records that are associated, with the association types as seen from either side. */
  readonly associated: ReadonlyMap<string, readonly { readonly typeIds: readonly number[]; readonly view: View }[]>;
  /** By property: the live record whose id it holds. */
  readonly referenced: ReadonlyMap<string, View>;
};

/** What must be read of a record so that a branch can be evaluated. */
export type Needs = {
  readonly properties: Set<string>;
  readonly lists: Set<string>;
  /** The log is needed for earlier values, or for what happened. */
  history: boolean;
  happenings: boolean;
  /** Every change of the record is one of the things that happened. */
  changes: boolean;
  subscription: boolean;
  readonly associated: Map<string, Needs>;
  readonly referenced: Map<string, { readonly objectType: string; readonly needs: Needs }>;
};

export const noNeeds = (): Needs => ({
  properties: new Set(),
  lists: new Set(),
  history: false,
  happenings: false,
  changes: false,
  subscription: false,
  associated: new Map(),
  referenced: new Map(),
});

/** Whether the answer depends on nothing but the record's own properties, whose every change makes a new version of it. */
export const isOfRecordAlone = (needs: Needs): boolean =>
  needs.lists.size === 0 &&
  needs.associated.size === 0 &&
  needs.referenced.size === 0 &&
  !needs.happenings &&
  !needs.subscription;

/** Every branch of a tree, with itself. */
export const branchesOf = (branch: FilterBranch): FilterBranch[] => [
  branch,
  ...branch.filterBranches.flatMap(branchesOf),
];
