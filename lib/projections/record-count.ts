import {
  RecordArchived,
  RecordCreated,
  RecordErased,
  RecordMerged,
  RecordRestored,
  RecordUnmerged,
} from '../../events/record.ts';
import { countKey } from '../table/keys.ts';
import type { Projection } from './projection.ts';

const change: Readonly<Record<string, number>> = {
  [RecordCreated.type]: 1,
  [RecordArchived.type]: -1,
  [RecordRestored.type]: 1,
};
/** A merge takes the one that is merged away; the survivor was and is one. */
const changeOfMerged: Readonly<Record<string, number>> = { [RecordMerged.type]: -1, [RecordUnmerged.type]: 1 };

/** How many records of each type there are, the archived ones left out (`GET /crm/v3/limits/records`). */
export const recordCount: Projection = ({ type, detail }) => {
  const by = byOf(type, detail);
  return by === undefined ? [] : [{ key: countKey(detail.objectType), attribute: 'records', by }];
};

function byOf(type: string, detail: Readonly<Record<string, unknown>>): number | undefined {
  if (type === RecordErased.type) return detail.wasArchived === true ? undefined : -1;
  return detail.role === 'MERGED' ? changeOfMerged[type] : change[type];
}
