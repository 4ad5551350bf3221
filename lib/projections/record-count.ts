import { RecordArchived, RecordCreated } from '../../events/record.ts';
import { countKey } from '../table/keys.ts';
import type { Projection } from './projection.ts';

const change: Readonly<Record<string, number>> = { [RecordCreated.type]: 1, [RecordArchived.type]: -1 };

/** How many records of each type there are, the archived ones left out (`GET /crm/v3/limits/records`). */
export const recordCount: Projection = ({ type, detail }) => {
  const by = change[type];
  return by === undefined ? [] : [{ key: countKey(detail.objectType), attribute: 'records', by }];
};
