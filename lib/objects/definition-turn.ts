import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { definitionTurnKey } from '../table/keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { forgetDefinitions } from './definition-cache.ts';

const Turn = z.object({ version: z.number() });

type Decision<T> = { readonly result: T; readonly writes: readonly Write[] };

/**
 * Changes the definitions of one type. What `decide` reads (that a label is free, a group empty, a limit not reached) still holds when
 * its writes are made: if another change of the type's definitions came between, it decides again. No writes, no change.
 */
export async function changeDefinitions<T>(
  app: App,
  objectTypeId: string,
  decide: () => Promise<Decision<T>>,
): Promise<T> {
  const key = definitionTurnKey(objectTypeId);
  const result = await contend(async () => {
    const version = (await app.table.get(key, Turn))?.version ?? 0;
    const turn = {
      put: { ...key, entity: 'definition-turn', version: version + 1 },
      when: version ? versionIs(version) : absent,
    };
    const { result, writes } = await decide();
    if (writes.length > 0) await commitOrThrow(app.table, [turn, ...writes].map(orStale));
    return result;
  });
  forgetDefinitions(objectTypeId);
  return result;
}
