import { listAssociated } from '../associations/store.ts';
import type { App } from '../core/app.ts';
import { columnWords } from '../imports/column-words.ts';
import type { ObjectType, PropertyDefinition } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import type { CrmRecord } from '../objects/record.ts';
import { listOwners } from '../owners/store.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { ExportRequest } from './schema.ts';
import type { Cell } from './xlsx.ts';

/** HubSpot's limit of associated records in one cell, and the one without it. */
const usualAssociated = 1000;
const mostAssociated = 10_000;
const readsAtOnce = 8;

/** How records become rows. */
export type Columns = {
  readonly header: readonly string[];
  readonly rowsOf: (records: readonly CrmRecord[]) => Promise<Cell[][]>;
};

/** The columns that an export asks for, in the language that it asks for. */
export async function columnsOf(app: App, request: ExportRequest): Promise<Columns> {
  const type = await loadObjectType(app, request.objectType);
  const definitions = request.objectProperties.flatMap((name) => type.properties.get(name) ?? []);
  const other = request.associatedObjectType ? await loadObjectType(app, request.associatedObjectType) : undefined;
  const owners = definitions.some(isOwner) ? await listOwners(app) : [];
  const addresses = new Map(owners.map(({ id, email }) => [id, email ?? id]));
  const plain = request.exportInternalValuesOptions.includes('VALUES');
  const rowsOf = (records: readonly CrmRecord[]) =>
    inParallel(records, readsAtOnce, async (record) => [
      { text: record.id },
      ...definitions.map(
        (definition): Cell => cellOf(definition, record.properties[definition.name] ?? '', { plain, addresses }),
      ),
      ...(other ? [{ text: await associatedIds(app, record, other, request) }] : []),
    ]);
  return { header: headerOf(type, definitions, other, request), rowsOf };
}

function headerOf(
  type: ObjectType,
  definitions: readonly PropertyDefinition[],
  other: ObjectType | undefined,
  { language, exportInternalValuesOptions }: ExportRequest,
): string[] {
  const japanese = language === 'JA';
  const internal = exportInternalValuesOptions.includes('NAMES');
  // A property that people made has the label that they gave it.
  const labelOf = ({ name, label, hubspotDefined }: PropertyDefinition) =>
    internal ? name : ((japanese && hubspotDefined ? columnWords[name]?.[0] : undefined) ?? label);
  const associated =
    other &&
    (internal
      ? `associated_${other.name}_ids`
      : japanese
        ? `関連する${other.labels.plural}のID`
        : `Associated ${other.labels.plural} IDs`);
  const id = internal ? 'hs_object_id' : japanese ? 'レコードID' : 'Record ID';
  return [id, ...definitions.map(labelOf), ...(associated ? [associated] : [])].map((name, position, all) =>
    // Two columns of one name could not be imported again.
    all.indexOf(name) === position ? name : `${name} (${type.name}.${definitions[position - 1]?.name ?? position})`,
  );
}

const isOwner = ({ referencedObjectType }: PropertyDefinition) => referencedObjectType === 'OWNER';

type Reading = { readonly plain: boolean; readonly addresses: ReadonlyMap<string, string> };

function cellOf(definition: PropertyDefinition, value: string, { plain, addresses }: Reading): Cell {
  if (value === '') return { text: '' };
  if (definition.type === 'number') return { text: value, number: true };
  if (plain) return { text: value };
  if (isOwner(definition)) return { text: addresses.get(value) ?? value };
  if (definition.type === 'datetime') return { text: inJapan(value) };
  if (definition.type !== 'enumeration') return { text: value };
  const labels = new Map(definition.options.map((option) => [option.value, option.label]));
  return {
    text: value
      .split(';')
      .map((each) => labels.get(each) ?? each)
      .join(';'),
  };
}

/** `2026-11-25 10:00:00`, as clocks in Japan show it. */
function inJapan(value: string): string {
  const at = Date.parse(value);
  if (Number.isNaN(at)) return value;
  return new Date(at + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

async function associatedIds(
  app: App,
  record: CrmRecord,
  other: ObjectType,
  { overrideAssociatedObjectsPerDefinitionPerRowLimit: all }: ExportRequest,
): Promise<string> {
  const limit = all ? mostAssociated : usualAssociated;
  const ids: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await listAssociated(app, record, other.objectTypeId, {
      limit: Math.min(1000, limit - ids.length),
      ...(after && { after }),
    });
    ids.push(...page.items.map(({ to }) => to.id));
    after = page.after;
    if (after === undefined || ids.length >= limit) return ids.join(';');
  }
}
