import type { PropertyDefinition } from '../definition.ts';
import type { StandardType } from '../object-types.ts';
import { customProperties, systemProperties } from './common.ts';
import { companyProperties } from './companies.ts';
import { contactProperties } from './contacts.ts';
import { dealProperties } from './deals.ts';
import { callProperties, emailProperties, meetingProperties, noteProperties, taskProperties } from './engagements.ts';
import { otherProperties } from './other-types.ts';
import { type StandardProperty, standardDefinition } from './property.ts';
import { ticketProperties } from './tickets.ts';

const byType: Readonly<Record<string, readonly StandardProperty[]>> = {
  ...otherProperties,
  '0-1': contactProperties,
  '0-2': companyProperties,
  '0-3': dealProperties,
  '0-5': ticketProperties,
  '0-27': taskProperties,
  '0-46': noteProperties,
  '0-47': meetingProperties,
  '0-48': callProperties,
  '0-49': emailProperties,
};

/** The group that a standard type's properties stand in unless they say otherwise. */
const mainGroupOf = (type: Pick<StandardType, 'objectTypeId' | 'name'>): string =>
  byType[type.objectTypeId]?.[0]?.groupName ?? `${type.name}information`;

/** All properties that a standard type has before anybody adds one. */
export const standardPropertiesOf = (type: StandardType): readonly PropertyDefinition[] =>
  [...(byType[type.objectTypeId] ?? []), ...systemProperties(mainGroupOf(type), type)].map(standardDefinition);

/** The group of a custom type's own properties, as HubSpot names it. */
export const customGroupOf = (name: string): string => `${name.toLowerCase()}_information`;

/** What each custom object has before its own properties. */
export const customPropertiesOf = (name: string): readonly PropertyDefinition[] =>
  customProperties(customGroupOf(name), {
    createdProperty: 'hs_createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    createdIsSettable: false,
  }).map(standardDefinition);

export type PropertyGroup = {
  readonly name: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly archived: boolean;
};

const groupLabels: Readonly<Record<string, string>> = {
  contactinformation: 'コンタクト情報',
  companyinformation: '会社情報',
  dealinformation: '取引情報',
  ticketinformation: 'チケット情報',
  analyticsinformation: 'ウェブ解析履歴',
  conversioninformation: 'コンバージョン情報',
  emailinformation: 'Eメール情報',
  note: 'メモ',
  call: 'コール',
  email: 'Eメール',
  task: 'タスク',
  meeting: 'ミーティング',
};

/** The groups that the given properties stand in, in the order in which they first appear. */
export const groupsOf = (properties: Iterable<PropertyDefinition>, typeLabel: string): readonly PropertyGroup[] =>
  [...new Set([...properties].map(({ groupName }) => groupName))].map((name, displayOrder) => ({
    name,
    label: groupLabels[name] ?? `${typeLabel}の情報`,
    displayOrder,
    archived: false,
  }));
