import type * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { toBatchError } from '../objects/batch-answer.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { inParallel } from '../table/in-parallel.ts';
import { listsOfRecord } from './members.ts';
import type { RecordsAsked } from './schema.ts';

const readsAtOnce = 16;

/** The lists that each record is in; an input of an unknown type is an error of its own. */
export async function readMemberships(app: App, inputs: z.output<typeof RecordsAsked>['inputs']) {
  const found = await inParallel(inputs, readsAtOnce, async ({ objectTypeId: segment, recordId }) => {
    try {
      const { objectTypeId } = await loadObjectType(app, segment);
      return { objectTypeId, recordId, recordListMemberships: await listsOfRecord(app, objectTypeId, recordId) };
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      return toBatchError(error, { ids: [recordId] });
    }
  });
  return {
    results: found.flatMap((each) => ('recordId' in each ? [each] : [])),
    errors: found.flatMap((each) => ('category' in each ? [each] : [])),
  };
}
