import { ApiError } from './api-error.ts';
import { moment, readMoment } from './moment.ts';
import { idOf, isDeleted, type Stored } from './records.ts';
import { type Engine, objectOfPath, type RestRequest, type RestRoute, restRoute } from './rest.ts';

const dayMs = 24 * 3_600_000;
const updatedDays = 30;
const deletedDays = 15;

/** Ids of what changed and what went between two moments, to the minute: seconds are ignored. */
export const changesRoutes: readonly RestRoute[] = [
  restRoute('GET', '/sobjects/(\\w+)/updated', 'updated', (engine, request, [name = '']) => {
    const { records, end } = changedRecords(engine, request, name, updatedDays);
    const ids = records.filter((record) => !isDeleted(record)).map(idOf);
    return { status: 200, body: { ids, latestDateCovered: end } };
  }),
  restRoute('GET', '/sobjects/(\\w+)/deleted', 'deleted', (engine, request, [name = '']) => {
    const { records, end } = changedRecords(engine, request, name, deletedDays);
    const deletedRecords = records
      .filter(isDeleted)
      .map((record) => ({ id: idOf(record), deletedDate: String(record.fields.SystemModstamp) }));
    const earliestDateAvailable = moment(request.now - deletedDays * dayMs);
    return { status: 200, body: { deletedRecords, earliestDateAvailable, latestDateCovered: end } };
  }),
];

function changedRecords(
  { records }: Engine,
  { query, now }: RestRequest,
  name: string,
  days: number,
): { records: Stored[]; end: string } {
  const type = objectOfPath(name);
  const [start, end] = ['start', 'end'].map((parameter) => minute(query.get(parameter) ?? ''));
  if (!start || !end) throw new ApiError('INVALID_REPLICATION_DATE', 'start and end have to be moments in ISO 8601');
  if (start < moment(now - days * dayMs))
    throw new ApiError(
      'INVALID_REPLICATION_DATE',
      `startDate before org replication enabled date, or more than ${days} days ago`,
    );
  if (end <= start)
    throw new ApiError('INVALID_REPLICATION_DATE', 'endDate must be at least one minute greater than startDate');
  const ids = records.idsChanged(type, start, end).filter((id) => String(records.get(id)?.fields.SystemModstamp) < end);
  return { records: ids.flatMap((id) => records.get(id) ?? []), end };
}

const minute = (text: string): string | undefined => readMoment(text)?.replace(/:\d\d\.\d{3}/, ':00.000');
