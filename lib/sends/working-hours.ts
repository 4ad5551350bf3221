import { dayIn, defaultZone, momentOf, shownAt } from '../flows/zoned-time.ts';
import { isWorkingDay } from './holidays.ts';

const opens = 9;
const closes = 18;
const dayMs = 86_400_000;
/** Beyond so many closed days the setting is a mistake, and mail goes out rather than never. */
const mostClosedDays = 400;

/** From nine to six on a working day that the company has not closed, by the clocks of the zone: this moment, or the next such one. */
export function nextWorkingMoment(time: number, zone: string, closedOn: ReadonlySet<string>): number {
  const isOpen = (day: string) => isWorkingDay(day) && !closedOn.has(day);
  let day = dayIn(time, zone);
  const hour = new Date(shownAt(time, zone)).getUTCHours();
  if (isOpen(day) && hour >= opens && hour < closes) return time;
  if (hour >= opens) day = following(day);
  for (let tried = 0; tried < mostClosedDays && !isOpen(day); tried += 1) day = following(day);
  return Math.max(time, momentOf(day, { hour: opens, minute: 0 }, zone));
}

const following = (day: string) => new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10);

type Waiting = { readonly notBefore?: string | undefined; readonly zone?: string | undefined };

/** The first moment from now on at which a mail may go: not before its time, and in working hours where the send keeps them. */
export function mayGoAt(
  { businessHours }: { readonly businessHours?: boolean | undefined },
  { notBefore, zone = defaultZone }: Waiting,
  { now, closedOn }: { readonly now: number; readonly closedOn: ReadonlySet<string> },
): number {
  const from = Math.max(now, notBefore === undefined ? now : Date.parse(notBefore));
  return businessHours ? nextWorkingMoment(from, zone, closedOn) : from;
}
