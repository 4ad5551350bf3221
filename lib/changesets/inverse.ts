import type { App } from '../core/app.ts';
import type { Job } from '../jobs/job.ts';
import type { RecordRef } from '../table/keys.ts';
import type { Step } from '../table/steps.ts';
import type { Family } from './family.ts';
import type { LoggedEvent } from './later.ts';

type KeptReason =
  | 'CHANGED_LATER'
  | 'EDITED_LATER'
  | 'ASSOCIATED_LATER'
  | 'UNIQUE_VALUE_TAKEN'
  | 'RECORD_ARCHIVED'
  | 'RECORD_MERGED'
  | 'RECORD_GONE'
  | 'PROPERTY_GONE'
  | 'MISSING_SCOPES'
  | 'REFUSED';

/** Something that an undo left alone, and why. */
export type Kept = { readonly property?: string; readonly reason: KeptReason; readonly message?: string };

/** What an undo of one row is about. `app` writes into the change set of the undo. */
export type Undoing = {
  readonly app: App;
  readonly family: Family;
  readonly record: RecordRef;
  readonly event: LoggedEvent;
  /** Properties whose old values others have by now: they stay as they are. */
  readonly taken: ReadonlySet<string>;
};

/** The steps that take a change back, without those for what was changed since. `job` is to be announced when they are committed. */
export type Inverse = {
  /** It may be possible when other rows of the set are undone. */
  readonly waits?: boolean;
  readonly steps: readonly Step[];
  readonly kept: readonly Kept[];
  readonly job?: Job;
};

export const left = (...kept: Kept[]): Inverse => ({ steps: [], kept });
/** It is as it was before already. */
export const nothing: Inverse = { steps: [], kept: [] };
