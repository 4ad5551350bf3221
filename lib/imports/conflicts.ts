import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { readOwners } from '../objects/batch.ts';
import type { ObjectType } from '../objects/definition.ts';
import { alreadyExists } from '../objects/duplicates.ts';
import type { Key } from '../table/keys.ts';
import type { Planned } from './write.ts';

/** For a trial: unique values that another record has, or an earlier row of the chunk. */
export async function conflictsOf(
  app: App,
  type: ObjectType,
  planned: readonly (Planned | CrmError)[],
): Promise<Map<number, CrmError>> {
  const claims = planned.flatMap((row, position) =>
    (row instanceof CrmError ? [] : row.steps).flatMap(({ write }) =>
      'put' in write && write.put.entity === 'unique'
        ? [{ position, key: write.put as Key, property: String(write.put.property), id: String(write.put.id) }]
        : [],
    ),
  );
  const owners = await readOwners(
    app,
    claims.map(({ key }) => key),
  );
  const conflicts = new Map<number, CrmError>();
  for (const { position, key, property, id } of claims) {
    const owner = owners.get(key.pk);
    if (owner !== undefined && owner !== id) conflicts.set(position, alreadyExists(type, property, owner));
    else owners.set(key.pk, id);
  }
  return conflicts;
}
