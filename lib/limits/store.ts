import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { countPartition } from '../table/keys.ts';

const Count = z.object({ sk: z.string(), records: z.number() });

/** Live records per object type id, as the projector counted them: under a second behind the records. */
export async function readRecordCounts(app: App): Promise<ReadonlyMap<string, number>> {
  const counts = await app.table.all({ pk: countPartition, consistent: false }, Count);
  return new Map(counts.map(({ sk, records }) => [sk, records]));
}
