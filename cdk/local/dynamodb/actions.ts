import type { Storage } from './storage.ts';
import type { Change } from './table-store.ts';

/** What every action works with. */
export type Context = {
  readonly storage: Storage;
  readonly region: string;
  readonly now: () => number;
  /** The time by which stream records and tokens age. */
  readonly realNow: () => number;
  /** Stores changes in one transaction and tells the listeners of the streams; `alongside` commits with them. */
  readonly commit: (changes: readonly Change[], alongside?: () => void) => void;
};

/** One call of the wire protocol: checked body in, answer out. */
export type Action = (context: Context, body: Record<string, unknown>) => Record<string, unknown>;
