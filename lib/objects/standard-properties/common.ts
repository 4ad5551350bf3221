import type { StandardType } from '../object-types.ts';
import { group, type StandardProperty } from './property.ts';

type Dated = Pick<StandardType, 'createdProperty' | 'modifiedProperty' | 'createdIsSettable'>;

/** What the system keeps for records of every type. */
export function systemProperties(
  groupName: string,
  { createdProperty, modifiedProperty, createdIsSettable }: Dated,
): readonly StandardProperty[] {
  const { number, text, select, datetime, flag } = group(groupName);
  return [
    number('hs_object_id', 'レコードID', { readOnly: true, indexed: false }),
    datetime(createdProperty, '作成日', { readOnly: !createdIsSettable, formField: false }),
    datetime(modifiedProperty, '最終更新日', { readOnly: true }),
    text('hs_object_source', 'レコードの元のソース', { readOnly: true }),
    text('hs_object_source_label', 'レコードソース', { readOnly: true }),
    text('hs_object_source_id', 'レコードソースID', { readOnly: true }),
    text('hs_object_source_user_id', 'レコードソースのユーザーID', { readOnly: true }),
    text('hs_object_source_detail_1', 'レコードソースの詳細1', { readOnly: true }),
    number('hs_created_by_user_id', '作成者のユーザーID', { readOnly: true, indexed: false }),
    number('hs_updated_by_user_id', '更新者のユーザーID', { readOnly: true, indexed: false }),
    select('hs_merged_object_ids', 'マージされたレコードID', [], {
      readOnly: true,
      indexed: false,
      externalOptions: true,
    }),
    flag('hs_read_only', '読み取り専用', { readOnly: true, indexed: false }),
  ];
}

/** Who is responsible for the record. */
export function ownerProperties(groupName: string, label = '担当者'): readonly StandardProperty[] {
  const { owner, datetime } = group(groupName);
  return [
    owner('hubspot_owner_id', label),
    datetime('hubspot_owner_assigneddate', '担当者の割り当て日', { readOnly: true, indexed: false }),
    owner('hubspot_team_id', 'チーム', { readOnly: true, indexed: false }),
  ];
}

/** Pipeline and stage of the types whose properties have HubSpot's usual names. */
export function pipelineProperties(groupName: string): readonly StandardProperty[] {
  const { select } = group(groupName);
  return [
    select('hs_pipeline', 'パイプライン', [], { externalOptions: true }),
    select('hs_pipeline_stage', 'パイプラインステージ', [], { externalOptions: true }),
  ];
}

/** What every custom object has from the start. */
export const customProperties = (groupName: string, dated: Dated): readonly StandardProperty[] => [
  ...systemProperties(groupName, dated),
  ...ownerProperties(groupName),
  ...pipelineProperties(groupName),
];
