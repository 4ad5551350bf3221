import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { recordKey } from '../table/keys.ts';
import type { Move } from './move.ts';

const Stored = z.object({ mergedInto: z.optional(z.string()) });

/** Whether the record is still one with the other: a merge may be taken back while its work is under way. */
export async function mergedRecord(app: App, { from, to }: Move): Promise<boolean> {
  return (await app.table.get(recordKey(from), Stored))?.mergedInto === to.id;
}
