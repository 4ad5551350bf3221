import { group, type StandardProperty } from './property.ts';

/** HubSpot's lifecycle stages in the order in which a contact or company moves through them. */
const stages = [
  ['subscriber', '登録者'],
  ['lead', 'リード'],
  ['marketingqualifiedlead', 'MQL'],
  ['salesqualifiedlead', 'SQL'],
  ['opportunity', '商談'],
  ['customer', '顧客'],
  ['evangelist', 'エバンジェリスト'],
  ['other', 'その他'],
] as const;

/** The property that holds when a record came to a stage. */
export const stageDateProperty = (stage: string): string => `hs_lifecyclestage_${stage}_date`;

/** The stage itself (its options may be changed; their order is the way forward) and the day of each. */
export function lifecycleProperties(groupName: string): readonly StandardProperty[] {
  const { radio, datetime } = group(groupName);
  return [
    radio('lifecyclestage', 'ライフサイクルステージ', stages),
    ...stages.map(([value, label]) => datetime(stageDateProperty(value), `${label}になった日`, { readOnly: true })),
  ];
}
