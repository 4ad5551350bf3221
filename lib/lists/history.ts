import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { readDatetime } from '../objects/moment.ts';
import { listEditPrefix, listPartition, listSizeDayKey, listSizeDayPrefix } from '../table/list-keys.ts';
import { sizeOf } from './store.ts';

const longestDays = 366 * 2;
const dayMs = 86_400_000;

export const HistoryQuery = z.object({ startDate: z.optional(z.string()), endDate: z.optional(z.string()) });
export const ListHistory = z.object({
  editHistory: z.array(z.string()),
  sizeHistory: z.array(z.object({ size: z.number(), timestamp: z.string() })),
});

const SizeDay = z.object({ sk: z.string(), by: z.number() });
const Edit = z.object({ at: z.string() });

/**
 * The size of a list at the end of each day (UTC) on which it changed, and the times at which its name or filters were changed, between
 * two times. The days are counted from now back, so the last size is right within a second.
 * @throws CrmError 400 for times that are none, or lie more than two years apart
 */
export async function listHistory(
  app: App,
  listId: string,
  { startDate, endDate }: z.output<typeof HistoryQuery>,
): Promise<z.input<typeof ListHistory>> {
  const [start, end] = [timeOf(startDate, 'startDate'), timeOf(endDate, 'endDate')];
  if (start > end || Date.parse(end) - Date.parse(start) > longestDays * dayMs)
    throw wrong('startDate must be before endDate, by two years at most', 'startDate');
  const pk = listPartition(listId);
  const from = listSizeDayKey(listId, start.slice(0, 10)).sk;
  const [now, days, edits] = await Promise.all([
    sizeOf(app, listId),
    app.table.all({ pk, from, to: `${listSizeDayPrefix}~`, descending: true }, SizeDay),
    app.table.all({ pk, from: `${listEditPrefix}${start}`, to: `${listEditPrefix}${end}` }, Edit),
  ]);
  return { editHistory: edits.map(({ at }) => at), sizeHistory: sizesBack(now, days, end) };
}

function sizesBack(now: number, days: readonly z.output<typeof SizeDay>[], end: string) {
  let size = now;
  const points = days.map(({ sk, by }) => {
    const point = { size, timestamp: `${sk.slice(listSizeDayPrefix.length)}T23:59:59.999Z` };
    size -= by;
    return point;
  });
  return points.filter(({ timestamp }) => timestamp.slice(0, 10) <= end.slice(0, 10)).reverse();
}

function timeOf(text: string | undefined, field: string): string {
  const time = text === undefined ? undefined : readDatetime(text);
  if (time === undefined) throw wrong(`${field} must be a date and time`, field);
  return time;
}

const wrong = (message: string, field: string) =>
  new CrmError('VALIDATION_ERROR', message, { errors: [{ message, code: 'INVALID_FIELD', in: field }] });
