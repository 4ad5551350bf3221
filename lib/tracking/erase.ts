import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { versionIs } from '../table/conditions.ts';
import { inParallel } from '../table/in-parallel.ts';
import { orStale, type Step } from '../table/steps.ts';
import {
  pageEventPrefix,
  pageViewMarkPrefix,
  pageViewPrefix,
  visitorKey,
  visitorPartition,
} from '../table/tracking-keys.ts';
import { afterAllUntil } from './event-id.ts';
import { visitorEraseKind } from './job-kinds.ts';
import type { VisitorLink } from './link.ts';
import { findVisitor } from './visitor-store.ts';

/**
 * What goes of a visitor with an erased contact's link to it: the visitor itself while it is the contact's, and its page views of that time
 * by a job, whose input this is.
 */
export async function visitorErasure(app: App, { hutk, linkId, from, until }: VisitorLink) {
  const visitor = until === undefined ? await findVisitor(app, hutk) : undefined;
  const steps: Step[] =
    visitor?.linkId === linkId ? [orStale({ remove: visitorKey(hutk), when: versionIs(visitor.version) })] : [];
  const own = { hutk, from, to: until ?? afterAllUntil(app.now()) };
  return { steps, input: until === undefined ? { ...own, marksTo: afterAll } : own };
}

const Row = z.object({ pk: z.string(), sk: z.string() });
const rowsPerSlice = 100;
const prefixes = [pageViewPrefix, pageEventPrefix, pageViewMarkPrefix];
/** Marks lie under the times of a browser's own clock. */
const afterAll = '~';

/** Takes away the page views, and the events that wait, of a time in which a visitor was an erased contact's. A repeat finds less. */
export const visitorErase = defineJob({
  kind: visitorEraseKind,
  input: z.object({ hutk: z.string(), from: z.string(), to: z.string(), marksTo: z.optional(z.string()) }),
  cursor: z.unknown(),
  slice: async (app, { input: { hutk, from, to, marksTo = to } }) => {
    const pages = await inParallel(prefixes, prefixes.length, (prefix) =>
      app.table.query(
        {
          pk: visitorPartition(hutk),
          from: `${prefix}${from}`,
          to: `${prefix}${prefix === pageViewMarkPrefix ? marksTo : to}`,
          limit: rowsPerSlice,
        },
        Row,
      ),
    );
    const rows = pages.flatMap(({ items }) => items).slice(0, rowsPerSlice);
    await app.table.commit(rows.map(({ pk, sk }) => ({ remove: { pk, sk } })));
    return { done: rows.length === 0, processed: rows.length };
  },
});
