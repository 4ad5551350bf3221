import * as z from 'zod/mini';
import type { App } from '../../core/app.ts';
import { defineJob } from '../../jobs/kind.ts';
import type { RecordRef } from '../../table/keys.ts';
import { spreadKind } from '../job-kinds.ts';
import { follow } from './follow.ts';
import { Hop, type Listener } from './listener.ts';
import { hopPage, ReachedAfter } from './reach.ts';
import { findListener } from './read-store.ts';

const perSlice = 100;
/** Each of these may lead to many more. */
const perSliceOnTheWay = 5;

/** Looks at all records of a list that a change of one record concerns: a company with thousands of contacts was changed. */
export const listSpread = defineJob({
  kind: spreadKind,
  input: z.object({
    listId: z.string(),
    generation: z.number(),
    from: z.object({ objectType: z.string(), id: z.string() }),
    path: z.array(Hop).check(z.minLength(1)),
    cause: z.array(z.string()),
  }),
  cursor: ReachedAfter,
  slice: async (app, { input, cursor }) => {
    const { from, cause } = input;
    const [hop, ...rest] = input.path;
    const listener = await findListener(app, input.listId);
    // Other filters have a back-fill of their own.
    if (!hop || listener?.generation !== input.generation) return { done: true, processed: 0 };
    const limit = rest.length > 0 ? perSliceOnTheWay : perSlice;
    const { refs, after } = await hopPage(app, from, hop, { after: cursor, limit });
    const looked = await followFrom(app, refs, rest, { listener, cause });
    return { done: !after, processed: looked, ...(after && { cursor: after }) };
  },
});

/** Follows the rest of the way from each record, a page at a time. Returns how many records were looked at. */
async function followFrom(
  app: App,
  refs: readonly RecordRef[],
  path: readonly Hop[],
  task: { readonly listener: Listener; readonly cause: readonly string[] },
): Promise<number> {
  const [hop, ...rest] = path;
  if (!hop) {
    await follow(
      app,
      refs.map(({ id }) => ({ ...task, id })),
    );
    return refs.length;
  }
  let looked = 0;
  for (const ref of refs) {
    let after: ReachedAfter | undefined;
    do {
      const page = await hopPage(app, ref, hop, { after, limit: perSlice });
      looked += await followFrom(app, page.refs, rest, task);
      after = page.after;
    } while (after);
  }
  return looked;
}
