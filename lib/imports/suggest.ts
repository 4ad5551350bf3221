import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { ObjectType, PropertyDefinition } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { importMappingKey } from '../table/import-keys.ts';
import { headerSet } from './header.ts';
import { ColumnMapping } from './schema.ts';

export const Suggestion = z.object({
  columnName: z.string(),
  columnObjectTypeId: z.string(),
  propertyName: z.nullable(z.string()),
  columnType: z.string(),
  /** Whether the mapping was used before for these columns, or is a guess by the name. */
  source: z.nullable(z.enum(['REMEMBERED', 'NAME'])),
});
type Suggestion = z.output<typeof Suggestion>;

const Remembered = z.object({ mappings: z.array(ColumnMapping) });

/** How people head their columns, for the properties whose labels are English. */
const words: Readonly<Record<string, readonly string[]>> = {
  email: ['メール', 'メールアドレス', 'eメール', 'mail', 'mailaddress', 'emailaddress'],
  lastname: ['姓', '名字', '苗字', '氏', 'familyname', 'surname'],
  firstname: ['名', 'givenname'],
  phone: ['電話', '電話番号', 'tel', 'telephone'],
  mobilephone: ['携帯', '携帯電話', '携帯番号', '携帯電話番号', 'mobile'],
  fax: ['ファックス', 'fax番号'],
  company: ['会社', '会社名', '勤務先', '企業名', 'companyname'],
  name: ['会社', '会社名', '企業名', '法人名', '名称', 'companyname'],
  domain: ['ドメイン', 'ドメイン名', 'companydomain'],
  website: ['ウェブサイト', 'ホームページ', 'url', 'hp'],
  jobtitle: ['役職', '肩書', '肩書き', 'title'],
  address: ['住所', '番地', '町名番地'],
  city: ['市区町村', '市町村'],
  state: ['都道府県'],
  zip: ['郵便番号', '〒', 'postalcode'],
  country: ['国', '国名'],
  industry: ['業種', '業界'],
  numberofemployees: ['従業員数', '社員数'],
  annualrevenue: ['年商', '売上高'],
  lifecyclestage: ['ライフサイクルステージ'],
  dealname: ['取引名', '案件名', '商談名'],
  amount: ['金額', '見込金額', '受注金額'],
  dealstage: ['取引ステージ', 'フェーズ', 'ステージ'],
  closedate: ['クローズ日', '受注予定日', '完了予定日'],
  pipeline: ['パイプライン'],
  subject: ['件名', 'タイトル'],
  content: ['内容', '問い合わせ内容', 'お問い合わせ内容'],
  hubspot_owner_id: ['担当者', '担当', '所有者', '営業担当', 'owner'],
  hs_object_id: ['レコードid', 'recordid'],
};

/** Widths, kinds of kana, letter case and separators are how one types, not what is meant. */
const fold = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-・::/()[\]]+/g, '')
    .replace(/[ァ-ヶ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60));

/** For each column what it may be mapped to: as it was for these columns the last time, or by the names and labels of properties. */
export async function suggestMapping(app: App, segment: string, header: readonly string[]): Promise<Suggestion[]> {
  const type = await loadObjectType(app, segment);
  const remembered = await app.table.get(importMappingKey(type.objectTypeId, headerSet(header)), Remembered);
  const names = namesOf(type);
  const taken = new Set<string>();
  return header.map((columnName) => {
    const before = remembered?.mappings.find((mapping) => fold(mapping.columnName) === fold(columnName));
    if (before) return rememberedOf(before, columnName, type);
    const found = names.get(fold(columnName))?.find(({ name }) => !taken.has(name));
    if (found) taken.add(found.name);
    return guessOf(found, columnName, type);
  });
}

const rememberedOf = (before: ColumnMapping, columnName: string, { objectTypeId }: ObjectType): Suggestion => ({
  columnName,
  columnObjectTypeId: before.columnObjectTypeId ?? objectTypeId,
  propertyName: before.propertyName ?? null,
  columnType: before.columnType ?? before.idColumnType ?? 'STANDARD',
  source: 'REMEMBERED',
});

function guessOf(found: PropertyDefinition | undefined, columnName: string, { objectTypeId }: ObjectType): Suggestion {
  const isId = found?.name === 'hs_object_id';
  return {
    columnName,
    columnObjectTypeId: objectTypeId,
    propertyName: found?.name ?? null,
    columnType: isId ? 'HUBSPOT_OBJECT_ID' : found?.hasUniqueValue ? 'HUBSPOT_ALTERNATE_ID' : 'STANDARD',
    source: found ? 'NAME' : null,
  };
}

/** Properties by everything that they may be called. */
function namesOf({ properties }: ObjectType): Map<string, PropertyDefinition[]> {
  const names = new Map<string, PropertyDefinition[]>();
  for (const definition of properties.values()) {
    const { name, label, modificationMetadata } = definition;
    if (modificationMetadata.readOnlyValue && name !== 'hs_object_id') continue;
    for (const called of new Set([name, label, ...(words[name] ?? [])].map(fold)))
      names.set(called, [...(names.get(called) ?? []), definition]);
  }
  return names;
}
