import { ListMemberAdded, ListMemberRemoved } from '../../events/list.ts';
import { listSizeKey } from '../table/list-keys.ts';
import type { Projection } from './projection.ts';

const change: Readonly<Record<string, number>> = { [ListMemberAdded.type]: 1, [ListMemberRemoved.type]: -1 };

/** How many members each list has. */
export const listSize: Projection = ({ type, detail }) => {
  const by = change[type];
  const { listId } = detail;
  return by === undefined || typeof listId !== 'string' ? [] : [{ key: listSizeKey(listId), attribute: 'size', by }];
};
