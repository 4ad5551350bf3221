import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { ObjectType, PropertyDefinition } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { importMappingKey } from '../table/import-keys.ts';
import { columnWords } from './column-words.ts';
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
    for (const called of new Set([name, label, ...(columnWords[name] ?? [])].map(fold)))
      names.set(called, [...(names.get(called) ?? []), definition]);
  }
  return names;
}
