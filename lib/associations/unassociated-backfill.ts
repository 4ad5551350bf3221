import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { ListedAfter, livePage } from '../objects/record-pages.ts';
import { unassociatedPartition, unassociatedPrefix } from '../table/policy-keys.ts';
import { activePolicy } from './policy.ts';
import { readPolicies } from './policy-store.ts';
import { reconsider } from './unassociated.ts';
import { unassociatedBackfillKind } from './unassociated-job-kinds.ts';

const recordsPerSlice = 100;
const Listed = z.object({ recordId: z.string() });

/**
 * Looks at every record of a type after its policy was changed; when nothing is asked of the type any more, at those that are listed.
 * It runs beside the projector, which hears of every change since; both look at a record in the same way.
 */
export const unassociatedBackfill = defineJob({
  kind: unassociatedBackfillKind,
  input: z.object({ objectType: z.string() }),
  cursor: ListedAfter,
  slice: async (app, { input: { objectType }, cursor }) => {
    const isActive = activePolicy(await readPolicies(app), objectType) !== undefined;
    if (!isActive) return takeOff(app, objectType);
    const { createdProperty } = await loadObjectType(app, objectType);
    const walked = { objectType, createdProperty };
    const page = await livePage(app, walked, { limit: recordsPerSlice, ...(cursor && { after: cursor }) });
    await reconsider(app, page.refs);
    return { done: !page.after, processed: page.refs.length, ...(page.after && { cursor: page.after }) };
  },
});

/** What is looked at leaves the list, so that each slice begins at its start. */
async function takeOff(app: App, objectType: string) {
  const query = { pk: unassociatedPartition(objectType), prefix: unassociatedPrefix, limit: recordsPerSlice };
  const { items } = await app.table.query(query, Listed);
  await reconsider(
    app,
    items.map(({ recordId }) => ({ objectType, id: recordId })),
  );
  return { done: items.length === 0, processed: items.length };
}
