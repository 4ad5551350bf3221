import { idOf, type Records, type Stored } from './records.ts';
import { follow, type Path, valueAt } from './soql/path.ts';

/** A record of an answer: `attributes`, then fields, and under their names the records that references lead to. */
export type Shown = { attributes: { type: string; url: string }; [name: string]: unknown };

/** A record with the fields that were asked for, those of other records inside of it. */
export function represent(record: Stored, paths: readonly Path[], records: Records, version: string): Shown {
  const shown = bare(record, version);
  for (const { references, field } of paths) {
    let at: Shown | null = shown;
    for (const [depth, { relationshipName = '' }] of references.entries()) {
      const target = follow(record, references.slice(0, depth + 1), records);
      at[relationshipName] ??= target ? bare(target, version) : null;
      at = at[relationshipName] as Shown | null;
      if (!at) break;
    }
    if (at) at[field.name] = valueAt(record, { references, field }, records);
  }
  return shown;
}

/** A record with all of its fields. */
export function representAll({ type, fields }: Stored, version: string): Shown {
  const values = type.fields.map(({ name }) => [name, fields[name] ?? null]);
  return { ...bare({ type, fields }, version), ...Object.fromEntries(values) };
}

function bare(record: Stored, version: string): Shown {
  const { name } = record.type;
  return { attributes: { type: name, url: `/services/data/${version}/sobjects/${name}/${idOf(record)}` } };
}
