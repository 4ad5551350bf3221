import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { CrmRecord } from '../objects/record.ts';
import { recordKey } from '../table/keys.ts';

type Ids = { readonly objectType: string; readonly primaryId: string; readonly otherId: string };

/** The two records of a merge, both alive. @throws CrmError 404 for an id that no record has, 400 for one in the archive or merged before */
export async function readPair(
  app: App,
  { objectType, primaryId, otherId }: Ids,
): Promise<{ readonly primary: CrmRecord; readonly other: CrmRecord }> {
  const keys = [primaryId, otherId].map((id) => recordKey({ objectType, id }));
  const found = new Map((await app.table.getMany(keys, CrmRecord)).map((record) => [record.id, record]));
  return { primary: required(found, primaryId), other: required(found, otherId) };
}

function required(found: ReadonlyMap<string, CrmRecord>, id: string): CrmRecord {
  const record = found.get(id);
  if (!record) throw new CrmError('OBJECT_NOT_FOUND', `No record with ID ${id} exists`, { context: { id: [id] } });
  if (record.mergedInto !== undefined) {
    throw new CrmError('VALIDATION_ERROR', `The record ${id} was merged into ${record.mergedInto}`, {
      subCategory: 'OBJECT_MERGED',
      context: { id: [id], mergedInto: [record.mergedInto] },
    });
  }
  if (record.archivedAt !== undefined)
    throw new CrmError('VALIDATION_ERROR', `The record ${id} is archived`, { context: { id: [id] } });
  return record;
}
