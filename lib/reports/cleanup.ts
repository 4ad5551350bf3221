import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { contributionListing, counterPartition, counterPrefix, type Key } from '../table/keys.ts';
import { cleanupKind } from './job-kinds.ts';

const Row = z.object({ pk: z.string(), sk: z.string() });

const rowsPerSlice = 100;

/** Takes away what an old definition counted: the contributions of each cell, then its counter, and at last those of no cell. */
export const reportCleanup = defineJob({
  kind: cleanupKind,
  input: z.object({ counterId: z.string() }),
  cursor: z.unknown(),
  slice: async (app, { input: { counterId } }) => {
    const rows = await rowsLeft(app, counterId);
    await app.table.commit(rows.map(({ pk, sk }) => ({ remove: { pk, sk } })));
    return { done: rows.length === 0, processed: rows.length };
  },
});

async function rowsLeft(app: App, counterId: string): Promise<readonly Key[]> {
  const counters = await app.table.query({ pk: counterPartition(counterId), prefix: counterPrefix, limit: 1 }, Row);
  const counter = counters.items[0];
  const contributions = await app.table.query(
    {
      pk: contributionListing(counterId, counter?.sk.slice(counterPrefix.length)),
      index: 'gsi1',
      limit: rowsPerSlice,
    },
    Row,
  );
  return contributions.items.length > 0 || !counter ? contributions.items : [counter];
}
