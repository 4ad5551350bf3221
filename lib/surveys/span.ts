import { CrmError } from '../core/errors.ts';
import { dayIn, defaultZone, momentOf } from '../flows/zoned-time.ts';
import { readDatetime } from '../objects/moment.ts';

/** Days in Japan, both included; a bound that is absent does not bind. */
export type Span = { readonly from?: string | undefined; readonly to?: string | undefined };

/** @throws CrmError 400 for a bound that is no day and no time, and for days that end before they begin */
export function daysOf(span: Span): Span {
  const from = span.from === undefined ? undefined : dayOf('from', span.from);
  const to = span.to === undefined ? undefined : dayOf('to', span.to);
  if (from !== undefined && to !== undefined && from > to) throw refused('from', 'must not be after to');
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

const refused = (name: string, why: string) =>
  new CrmError('VALIDATION_ERROR', `${name}: ${why}`, { context: { fields: [name] } });

/** The first and the last millisecond of such days. */
export function timesOf({ from, to }: Span): Span {
  const begin = (day: string) => momentOf(day, { hour: 0, minute: 0 }, defaultZone);
  const dayMs = 86_400_000;
  return {
    ...(from !== undefined && { from: new Date(begin(from)).toISOString() }),
    ...(to !== undefined && { to: new Date(begin(to) + dayMs - 1).toISOString() }),
  };
}

function dayOf(name: string, bound: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(bound) && readDatetime(bound)) return bound;
  const moment = readDatetime(bound);
  if (moment) return dayIn(Date.parse(moment), defaultZone);
  throw refused(name, 'must be a day such as 2026-11-22 or an ISO 8601 time');
}
