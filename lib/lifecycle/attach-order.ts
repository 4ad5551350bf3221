import type { JobOrder } from '../jobs/store.ts';
import { mergedIds } from '../merges/decide.ts';
import type { CrmRecord } from '../objects/record.ts';
import { attachKind } from './job-kinds.ts';

/** The job that brings back the associations of a record, and of those that were merged into it, which the archive put aside. */
export const attachOrder = (record: CrmRecord): JobOrder => ({
  kind: attachKind,
  input: { objectType: record.objectType, ids: [record.id, ...mergedIds(record)] },
});
