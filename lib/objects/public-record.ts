import { listAssociated } from '../associations/store.ts';
import { typesFor } from '../associations/type-store.ts';
import type { App } from '../core/app.ts';
import type { RequestFacts } from '../core/handle.ts';
import { pageOf } from '../core/page.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { RecordRef } from '../table/keys.ts';
import type { ObjectType } from './definition.ts';
import { isNews } from './definition-cache.ts';
import { loadObjectType } from './definition-store.ts';
import { readHistory } from './history.ts';
import type { CrmRecord } from './record.ts';
import type { AssociatedIds, PublicRecord } from './schema.ts';

/** What a client asks to see of a record. */
export type Shown = {
  readonly properties?: readonly string[];
  readonly propertiesWithHistory?: readonly string[];
  readonly associations?: readonly string[];
};

const readsAtOnce = 8;
const associationsPerPage = 100;

const facts = ({ id, createdAt, updatedAt, archivedAt }: CrmRecord) => ({
  id,
  createdAt,
  updatedAt,
  archived: archivedAt !== undefined,
  ...(archivedAt && { archivedAt }),
});

const byName = (entries: readonly (readonly [string, string | null])[]) =>
  Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));

/** A record with everything that it has, as answers to writes show it. */
export const fullRecord = (record: CrmRecord): PublicRecord => ({
  ...facts(record),
  properties: byName(Object.entries(record.properties)),
});

/** Each record once, in the order in which it was asked for first. */
export const distinctRecords = (records: readonly (CrmRecord | undefined)[]): CrmRecord[] => [
  ...new Map(records.flatMap((record) => (record ? [[record.id, record] as const] : []))).values(),
];

/** A record with the properties asked for, null where it has no value; names that do not exist are left out. */
function partOf(type: ObjectType, record: CrmRecord, shown: Shown): PublicRecord {
  const system = ['hs_object_id', type.createdProperty, type.modifiedProperty];
  const asked = [...(shown.properties ?? []), ...(shown.propertiesWithHistory ?? [])];
  const names = new Set(asked.length > 0 ? [...asked, ...system] : type.defaultProperties);
  const known = [...names].filter((name) => type.properties.has(name));
  return { ...facts(record), properties: byName(known.map((name) => [name, record.properties[name] ?? null])) };
}

/** The definitions, read anew when a name is asked for that they do not know, for it may have been made a moment ago. */
async function typeWith(app: App, segment: string, names: readonly string[]): Promise<ObjectType> {
  const type = await loadObjectType(app, segment);
  const news = names.filter((name) => !type.properties.has(name) && isNews(type.objectTypeId, name));
  return news.length === 0 ? type : loadObjectType(app, segment, { fresh: true });
}

/** Records as a client asked to see them, with history and associations when it did. */
export async function showRecords(
  app: App,
  objectType: string,
  records: readonly CrmRecord[],
  shown: Shown,
  origin: string,
): Promise<PublicRecord[]> {
  const type = await typeWith(app, objectType, [...(shown.properties ?? []), ...(shown.propertiesWithHistory ?? [])]);
  const histories = (shown.propertiesWithHistory ?? []).filter((name) => type.properties.has(name));
  const associated = await Promise.all((shown.associations ?? []).map((segment) => loadObjectType(app, segment)));
  return inParallel(records, readsAtOnce, async (record) => {
    const [history, associations] = await Promise.all([
      histories.length > 0 ? readHistory(app, type, record, histories) : undefined,
      associated.length > 0 ? inlineAssociations(app, record, associated, origin) : undefined,
    ]);
    return {
      ...partOf(type, record, shown),
      ...(history && { propertiesWithHistory: history }),
      ...(associations && Object.keys(associations).length > 0 && { associations }),
    };
  });
}

/** One record as a client asked to see it. */
export async function showRecord(app: App, record: CrmRecord, shown: Shown, origin: string): Promise<PublicRecord> {
  const [one] = await showRecords(app, record.objectType, [record], shown, origin);
  return one ?? fullRecord(record);
}

async function inlineAssociations(app: App, record: CrmRecord, to: readonly ObjectType[], origin: string) {
  const found: Record<string, AssociatedIds> = {};
  for (const type of to) {
    const page = await associatedIds(app, record, type.objectTypeId, { limit: associationsPerPage, origin });
    if (page.results.length > 0) found[type.fullyQualifiedName ?? type.name] = page;
  }
  return found;
}

/** `url` is what the client asked for; absent when the associations came along with something else. */
type PageOfIds = Pick<RequestFacts, 'origin'> & {
  readonly limit: number;
  readonly after?: string;
  readonly url?: string;
};

/** The v3 form of associations: each record once for each of its types, by the type's name. */
export async function associatedIds(
  app: App,
  record: RecordRef,
  toObjectType: string,
  { limit, after, origin, url = associationsPath(record, toObjectType) }: PageOfIds,
): Promise<AssociatedIds> {
  const page = await listAssociated(app, record, toObjectType, { limit, ...(after && { after }) });
  if (page.items.length === 0) return { results: [] };
  const typeIds = [...new Set(page.items.flatMap((item) => item.typeIds))];
  const types = await typesFor(app, { fromObjectType: record.objectType, toObjectType }, typeIds);
  const results = page.items.flatMap(({ to, typeIds }) =>
    typeIds.flatMap((typeId) => {
      const type = types.byId(typeId);
      return type ? [{ id: to.id, type: type.name }] : [];
    }),
  );
  return pageOf(results, page.after, { origin, url });
}

const associationsPath = ({ objectType, id }: RecordRef, toObjectType: string) =>
  `/crm/v3/objects/${objectType}/${id}/associations/${toObjectType}`;
