import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { CrmRecord } from '../objects/record.ts';
import { nearLimitPartition } from '../table/association-limit-keys.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey } from '../table/keys.ts';
import { countAssociated, nearShare } from './limit-turns.ts';
import { type AssociationLimit, loadAssociationLimits } from './limits.ts';

const Near = z.object({ id: z.string() });
/** So many records of one limit are looked at and named. */
const mostSamples = 100;

type NearRecord = { readonly objectId: number; readonly label: string; readonly usage: number };
type NearRecords = { readonly limit: AssociationLimit; readonly records: readonly NearRecord[] };

/**
 * The records that have used at least 80 % of a limit, at most 100 for each limit, counted now. Records that had as many before a
 * limit was set are listed from their next change on.
 */
export async function nearLimits(
  app: App,
  wanted: (limit: AssociationLimit) => boolean = () => true,
): Promise<NearRecords[]> {
  const limits = (await loadAssociationLimits(app, { fresh: true })).filter(wanted);
  return inParallel(limits, 4, async (limit) => ({ limit, records: await recordsNear(app, limit) }));
}

async function recordsNear(app: App, limit: AssociationLimit): Promise<NearRecord[]> {
  const { fromObjectType: objectType, toObjectType, typeId } = limit;
  const page = await app.table.query(
    { pk: nearLimitPartition(objectType, toObjectType), prefix: `near#${typeId}#`, limit: mostSamples },
    Near,
  );
  const { primaryDisplayProperty } = await loadObjectType(app, objectType);
  const found = await app.table.getMany(
    page.items.map(({ id }) => recordKey({ objectType, id })),
    CrmRecord,
  );
  const live = found.filter(({ archivedAt }) => !archivedAt);
  const counted = await inParallel(live, 8, async ({ id, properties }) => ({
    objectId: Number(id),
    label: properties[primaryDisplayProperty] ?? id,
    usage: await countAssociated(app, { objectType, id }, limit),
  }));
  return counted.filter(({ usage }) => usage >= limit.maxToObjectIds * nearShare);
}

export const isAtLimit = (limit: AssociationLimit, { usage }: NearRecord): boolean => usage >= limit.maxToObjectIds;
