import type * as z from 'zod/mini';
import type { AssociationInput } from '../associations/inline.ts';
import { listAssociated } from '../associations/store.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { CrmRecord } from '../objects/record.ts';
import { createRecord, updateRecord } from '../objects/store.ts';
import { inParallel } from '../table/in-parallel.ts';
import { type RecordRef, recordKey } from '../table/keys.ts';
import { metadataOf, propertiesOf, typeIds } from './fields.ts';
import type {
  AssociationsInput,
  EngagementInput,
  EngagementPatch,
  EngagementType,
  PublicEngagement,
} from './schema.ts';

/** Which list of the associations holds records of which type. */
const lists = [
  ['contactIds', '0-1'],
  ['companyIds', '0-2'],
  ['dealIds', '0-3'],
  ['ticketIds', '0-5'],
] as const;
/** So many associations of each kind are shown. */
const mostShown = 100;

const typeOf = (objectType: string): EngagementType =>
  (Object.keys(typeIds) as EngagementType[]).find((type) => typeIds[type] === objectType) ?? 'NOTE';

/** Makes the note, task, call, e-mail or meeting that the older API calls an engagement, once for a request. @throws CrmError 400 */
export async function createEngagement(app: App, { engagement, associations, metadata }: EngagementInput) {
  const { type, ownerId, timestamp } = engagement;
  const properties = {
    ...(type === 'EMAIL' && { hs_email_direction: 'EMAIL' }),
    ...propertiesOf(type, metadata),
    hs_timestamp: String(timestamp ?? app.now()),
    ...(ownerId !== undefined && { hubspot_owner_id: ownerId === null ? null : String(ownerId) }),
  };
  const options = { associations: inputsOf(associations), input: 0 };
  const record = await createRecord(app, typeIds[type], properties, options);
  return publicEngagement(app, record);
}

/** The record with this id, whichever of the five types it has. @throws CrmError 404 */
async function findEngagement(app: App, id: string): Promise<CrmRecord> {
  const keys = Object.values(typeIds).map((objectType) => recordKey({ objectType, id }));
  const found = (await app.table.getMany(keys, CrmRecord)).find(({ archivedAt }) => !archivedAt);
  if (!found) throw new CrmError('OBJECT_NOT_FOUND', `No engagement exists with id '${id}'`);
  return found;
}

/** @throws CrmError 404 */
export const readEngagement = async (app: App, id: string) => publicEngagement(app, await findEngagement(app, id));

/** Changes what is named; associations that are named are added. @throws CrmError 400, 404 */
export async function changeEngagement(app: App, id: string, { engagement, associations, metadata }: EngagementPatch) {
  const { objectType } = await findEngagement(app, id);
  const { ownerId, timestamp } = engagement ?? {};
  const properties = {
    ...propertiesOf(typeOf(objectType), metadata ?? {}),
    ...(timestamp !== undefined && { hs_timestamp: String(timestamp) }),
    ...(ownerId !== undefined && { hubspot_owner_id: ownerId === null ? null : String(ownerId) }),
  };
  const record = await updateRecord(app, objectType, { id }, properties, { associations: inputsOf(associations) });
  return publicEngagement(app, record);
}

const inputsOf = (associations: AssociationsInput | undefined): AssociationInput[] =>
  lists.flatMap(([name, objectType]) =>
    (associations?.[name] ?? []).map((id) => ({ to: { id: String(id), objectType }, types: 'default' as const })),
  );

async function publicEngagement(app: App, record: CrmRecord): Promise<z.input<typeof PublicEngagement>> {
  const { objectType, id, properties } = record;
  const { hs_timestamp: timestamp, hubspot_owner_id: ownerId } = properties;
  const type = typeOf(objectType);
  const [contactIds = [], companyIds = [], dealIds = [], ticketIds = []] = await inParallel(lists, 4, ([, to]) =>
    associatedIds(app, record, to),
  );
  return {
    engagement: {
      id: Number(id),
      portalId: app.portalId,
      active: true,
      createdAt: Date.parse(record.createdAt),
      lastUpdated: Date.parse(record.updatedAt),
      type,
      ...(timestamp && { timestamp: Date.parse(timestamp) }),
      ...(ownerId && { ownerId: Number(ownerId) }),
    },
    associations: { contactIds, companyIds, dealIds, ticketIds, ownerIds: [] },
    attachments: [],
    metadata: metadataOf(type, properties),
  };
}

async function associatedIds(app: App, record: RecordRef, toObjectType: string): Promise<number[]> {
  const { items } = await listAssociated(app, record, toObjectType, { limit: mostShown });
  return items.map(({ to }) => Number(to.id));
}
