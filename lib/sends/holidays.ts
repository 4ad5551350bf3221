/** Holidays that have a date, by month and day. */
const dated = ['01-01', '02-11', '02-23', '04-29', '05-03', '05-04', '05-05', '08-11', '11-03', '11-23'];
/** Holidays that are a Monday: month, and which one (ハッピーマンデー). */
const mondays = [
  [1, 2],
  [7, 3],
  [9, 3],
  [10, 2],
] as const;

const dayMs = 86_400_000;
const iso = (time: number) => new Date(time).toISOString().slice(0, 10);
const weekday = (time: number) => new Date(time).getUTCDay();

/** The astronomers' approximation of the day of an equinox, right from 1980 to 2099; the cabinet announces it a year before. */
const equinox = (year: number, base: number) =>
  Math.floor(base + 0.242194 * (year - 1980)) - Math.floor((year - 1980) / 4);

function mondayOf(year: number, month: number, which: number): number {
  const first = Date.UTC(year, month - 1, 1);
  return first + (((8 - weekday(first)) % 7) + (which - 1) * 7) * dayMs;
}

const byYear = new Map<number, ReadonlySet<string>>();

/** The holidays of a year by Japan's law of 2020 (国民の祝日に関する法律), with those in lieu and those between two others. */
function holidaysOf(year: number): ReadonlySet<string> {
  const known = byYear.get(year);
  if (known) return known;
  const own = new Set([
    ...dated.map((day) => `${year}-${day}`),
    ...mondays.map(([month, which]) => iso(mondayOf(year, month, which))),
    iso(Date.UTC(year, 2, equinox(year, 20.8431))),
    iso(Date.UTC(year, 8, equinox(year, 23.2488))),
  ]);
  const all = new Set(own);
  for (const day of own) {
    const time = Date.parse(day);
    if (weekday(time) === 0) all.add(nextFree(time, own));
    const between = time + dayMs;
    if (own.has(iso(time + 2 * dayMs)) && !own.has(iso(between)) && weekday(between) !== 0) all.add(iso(between));
  }
  byYear.set(year, all);
  return all;
}

/** A holiday on a Sunday is made up for by the next day that is none. */
function nextFree(from: number, own: ReadonlySet<string>): string {
  let day = from;
  do day += dayMs;
  while (own.has(iso(day)));
  return iso(day);
}

/** Whether a day (`2026-11-23`) is a holiday in Japan. */
export const isHoliday = (day: string): boolean => holidaysOf(Number(day.slice(0, 4))).has(day);

/** Monday to Friday and no holiday. */
export function isWorkingDay(day: string): boolean {
  const weekend = [0, 6].includes(weekday(Date.parse(day)));
  return !weekend && !isHoliday(day);
}
