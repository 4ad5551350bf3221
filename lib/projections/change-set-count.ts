import { AssociationCreated, AssociationRemoved } from '../../events/association.ts';
import { ListMemberAdded, ListMemberRemoved } from '../../events/list.ts';
import { RecordArchived, RecordCreated, RecordMerged, RecordRestored, RecordUpdated } from '../../events/record.ts';
import { changeSetCountKey } from '../table/change-set-keys.ts';
import type { Projection } from './projection.ts';

const attributeOf: Readonly<Record<string, string>> = {
  [RecordCreated.type]: 'created',
  [RecordUpdated.type]: 'changed',
  [RecordRestored.type]: 'restored',
  [RecordArchived.type]: 'archived',
  [RecordMerged.type]: 'merged',
  [AssociationCreated.type]: 'associated',
  [AssociationRemoved.type]: 'dissociated',
  [ListMemberAdded.type]: 'listed',
  [ListMemberRemoved.type]: 'unlisted',
};

/** How many changes of each kind a change set holds. A merge stands in two logs and counts once. */
export const changeSetCount: Projection = ({ type, detail }) => {
  const attribute = attributeOf[type];
  const { changeSetId } = detail;
  if (attribute === undefined || changeSetId === undefined || detail.role === 'MERGED') return [];
  return [{ key: changeSetCountKey(changeSetId), attribute, by: 1 }];
};
