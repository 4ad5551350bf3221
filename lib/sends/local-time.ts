import { defaultZone, isZone, shownAt } from '../flows/zoned-time.ts';
import { readDatetime } from '../objects/moment.ts';
import type { SendInput } from './schema.ts';

const dayMs = 86_400_000;
const longestZone = 64;

const ahead = (time: number, zone: string) => shownAt(time, zone) - time;

/**
 * The first moment at which the zone's clocks show this (written as if it were UTC). A time that a clock change skips is the moment of the
 * change; one that comes twice is the first of the two.
 */
export function firstMomentOf(shown: number, zone: string): number {
  const offsets = [ahead(shown - dayMs, zone), ahead(shown + dayMs, zone)];
  const moments = offsets.map((offset) => shown - offset).filter((moment) => shownAt(moment, zone) === shown);
  if (moments.length > 0) return Math.min(...moments);
  let [before, after] = [shown - Math.max(...offsets), shown - Math.min(...offsets)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (shownAt(middle, zone) >= shown) after = middle;
    else before = middle;
  }
  return after;
}

/** The zone that a contact's `hs_timezone` names, as IANA does or as HubSpot does (`america_slash_new_york`); the account's for any other text. */
export function zoneOf(text: string | undefined): string {
  const named = (text ?? '')
    .trim()
    .replaceAll('_slash_', '/')
    .replaceAll('_hyphen_', '-')
    .replaceAll('_plus_', '+')
    .replaceAll('_dash_', '-');
  return named !== '' && named.length <= longestZone && isZone(named) ? named : defaultZone;
}

/** The clocks that are furthest ahead: a day begins there first. */
const furthestAheadMs = 14 * 3_600_000;
const offset = /(?:Z|[+-]\d{2}:?\d{2})$/i;
/** A number of milliseconds is a moment, and not what a clock shows. */
const isNumber = /^-?\d+$/;

/** When a send may begin, and what the clocks of each recipient show then if it is told by theirs. */
export function scheduleOf({ scheduledAt, timeZone }: Pick<SendInput, 'scheduledAt' | 'timeZone'>): {
  scheduledAt?: string;
  localTime?: string;
} {
  if (scheduledAt === undefined) return {};
  const moment = readDatetime(scheduledAt);
  if (moment === undefined) return {};
  if (timeZone === undefined) return { scheduledAt: moment };
  if (timeZone === 'recipient') {
    const shown = shownBy(scheduledAt, moment);
    return {
      scheduledAt: new Date(shown - furthestAheadMs).toISOString(),
      localTime: new Date(shown).toISOString().slice(0, -1),
    };
  }
  if (offset.test(scheduledAt) || isNumber.test(scheduledAt)) return { scheduledAt: moment };
  return { scheduledAt: new Date(firstMomentOf(Date.parse(moment), timeZone)).toISOString() };
}

function shownBy(text: string, moment: string): number {
  if (isNumber.test(text)) return shownAt(Date.parse(moment), defaultZone);
  return Date.parse(readDatetime(text.replace(offset, '')) ?? moment);
}

/** When the mail to a contact may go at the earliest, by the contact's own clocks. */
export const localMoment = (localTime: string, zone: string): string =>
  new Date(firstMomentOf(Date.parse(`${localTime}Z`), zone)).toISOString();
