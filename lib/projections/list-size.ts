import { ListMemberAdded, ListMemberRemoved } from '../../events/list.ts';
import { listSizeDayKey, listSizeKey } from '../table/list-keys.ts';
import type { Projection } from './projection.ts';

const change: Readonly<Record<string, number>> = { [ListMemberAdded.type]: 1, [ListMemberRemoved.type]: -1 };

/** How many members each list has, and by how many it changed on each day. */
export const listSize: Projection = ({ type, detail }) => {
  const by = change[type];
  const { listId } = detail;
  if (by === undefined || typeof listId !== 'string') return [];
  return [
    { key: listSizeKey(listId), attribute: 'size', by },
    { key: listSizeDayKey(listId, detail.occurredAt.slice(0, 10)), attribute: 'by', by },
  ];
};
