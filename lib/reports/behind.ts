import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { CrmRecord } from '../objects/record.ts';
import { contributionKey, contributionListing, recordKey } from '../table/keys.ts';
import { cellOf, type Keys } from './cell.ts';
import { counterIdOf, StoredContribution } from './contribution-store.ts';
import type { Report } from './schema.ts';

const Listed = z.object({ pk: z.string(), sk: z.string(), gsi1sk: z.string() });

/**
 * A page of the records behind a cell, by id: those whose contribution says so at this moment. The list of a cell follows its counter
 * within a moment; what has left the cell meanwhile is not shown.
 * @throws CrmError 400 when the keys are not as many as the report has groups
 */
export async function recordsBehind(
  app: App,
  report: Report,
  keys: Keys,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ readonly records: CrmRecord[]; readonly after?: string }> {
  const groups = report.definition.groupBy.length;
  if (keys.length !== groups) {
    throw new CrmError('VALIDATION_ERROR', `keys: the report has ${groups} groups, ${keys.length} keys were given`);
  }
  const { objectType } = report.definition;
  const counterId = counterIdOf(report);
  const cell = cellOf(keys);
  const gsi1pk = contributionListing(counterId, cell);
  const startAfter = after && { ...contributionKey({ objectType, id: after }, counterId), gsi1pk, gsi1sk: after };
  const page = { pk: gsi1pk, index: 'gsi1' as const, limit, ...(startAfter && { startAfter }) };
  const { items, lastKey } = await app.table.query(page, Listed);
  const ids = items.map(({ gsi1sk }) => gsi1sk);
  const [rows, records] = await Promise.all([
    app.table.getMany(items, StoredContribution),
    app.table.getMany(
      ids.map((id) => recordKey({ objectType, id })),
      CrmRecord,
    ),
  ]);
  const here = new Set(rows.filter((row) => row.cell === cell).map(({ pk }) => pk));
  const shown = records
    .filter((record) => record.archivedAt === undefined && here.has(recordKey(record).pk))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const last = ids.at(-1);
  return { records: shown, ...(lastKey && last !== undefined && { after: last }) };
}

/** Keys of a query string: texts with commas between them, or a JSON list when a value has a comma itself. */
export function keysOfQuery(text: string | undefined): string[] {
  if (text === undefined) return [];
  if (!text.startsWith('[')) return text.split(',');
  const read = z.array(z.string()).safeParse(parsed(text));
  if (!read.success)
    throw new CrmError('VALIDATION_ERROR', 'keys: must be texts with commas between them, or a JSON list');
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
