import type { AssociationInput } from '../associations/inline.ts';
import type { App } from '../core/app.ts';
import type { CrmRecord, Decision } from '../objects/record.ts';
import { importRecordKey } from '../table/import-keys.ts';
import type { Step } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import type { TypePlan } from './mapping.ts';
import type { Entry } from './row.ts';

export type Writing = {
  readonly importId: string;
  readonly plan: TypePlan;
  /** Decides everything, writes no record. */
  readonly dryRun: boolean;
  /** Only when a policy refuses new records of the type without associations: those that the row of each entry gives it. */
  readonly links: ReadonlyMap<Entry, readonly AssociationInput[]>;
  /** Throws when the rows shall not be written any more. */
  readonly goOn: () => Promise<void>;
};

/** What shall be done for a row, and the writes that do it. */
export type Planned = {
  readonly record: CrmRecord;
  readonly decision: Decision | undefined;
  readonly created: boolean;
  readonly steps: readonly Step[];
};

const keptDays = 30;
/** When the table lets go of what an import notes for itself. */
export const keptUntil = (app: App): number => Math.floor(Date.parse(app.now()) / 1000) + keptDays * 86_400;

/** Notes which record a row names, if other files ask. */
export function nameWrites(
  app: App,
  { importId, plan }: Pick<Writing, 'importId' | 'plan'>,
  { identifier }: Entry,
  recordId: string,
): Write[] {
  if (identifier === undefined) return [];
  const key = importRecordKey(importId, plan.type.objectTypeId, identifier);
  return [{ put: { ...key, entity: 'import-record', recordId, expiresAt: keptUntil(app) } }];
}
