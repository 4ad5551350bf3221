type Field = { readonly name: string; readonly from: number; readonly to: number; readonly words?: readonly string[] };

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const minuteField: Field = { name: 'minutes', from: 0, to: 59 };
const hourField: Field = { name: 'hours', from: 0, to: 23 };
const dayField: Field = { name: 'day-of-month', from: 1, to: 31 };
const monthField: Field = { name: 'month', from: 1, to: 12, words: months };
const weekdayField: Field = { name: 'day-of-week', from: 1, to: 7, words: weekdays };
const yearField: Field = { name: 'year', from: 1970, to: 2199 };

type Day = { readonly year: number; readonly month: number; readonly day: number; readonly weekday: number };
type DayTest = (day: Day) => boolean;

const dayMs = 86_400_000;
/** Leap days are eight years apart at most, so a date not found by then, such as February 30th, does not exist. */
const searchDays = 366 * 9;

/** The first moment after `after` that AWS's six fields (minutes hours day-of-month month day-of-week year) name, in UTC. */
export function nextCron(fields: string, after: number): number | undefined {
  const { minutes, hours, years, isDay } = parseCron(fields);
  const start = Math.floor(after / 60_000) * 60_000 + 60_000;
  const firstYear = Math.min(...years);
  let midnight = Math.max(Math.floor(start / dayMs) * dayMs, Date.UTC(firstYear, 0, 1));
  for (let searched = 0; searched < searchDays; searched += 1, midnight += dayMs) {
    const day = dayAt(midnight);
    if (!years.has(day.year)) {
      const next = [...years].find((year) => year > day.year);
      if (next === undefined) return undefined;
      midnight = Date.UTC(next, 0, 1) - dayMs;
      continue;
    }
    if (!isDay(day)) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const moment = midnight + (hour * 60 + minute) * 60_000;
        if (moment >= start) return moment;
      }
    }
  }
  return undefined;
}

/** Throws when AWS would refuse the expression. */
function parseCron(expression: string) {
  const [minute, hour, day, month, weekday, year, ...more] = expression.trim().split(/\s+/);
  if (
    minute === undefined ||
    hour === undefined ||
    day === undefined ||
    month === undefined ||
    weekday === undefined ||
    year === undefined ||
    more.length > 0
  ) {
    throw new Error(`cron(${expression}) must have six fields`);
  }
  if ((day === '?') === (weekday === '?')) {
    throw new Error(`cron(${expression}): exactly one of day-of-month and day-of-week must be ?`);
  }
  const monthSet = values(month, monthField);
  const isDayOfMonth = day === '?' ? undefined : dayOfMonth(day);
  const isDayOfWeek = weekday === '?' ? undefined : dayOfWeek(weekday);
  return {
    minutes: values(minute, minuteField),
    hours: values(hour, hourField),
    years: values(year, yearField),
    isDay: (date: Day) => monthSet.has(date.month) && (isDayOfMonth?.(date) ?? true) && (isDayOfWeek?.(date) ?? true),
  };
}

/** Sorted, so that the first that fits is the next. */
function values(text: string, field: Field): ReadonlySet<number> {
  const found = text.split(',').flatMap((part) => range(part, field));
  return new Set(found.sort((a, b) => a - b));
}

function range(part: string, field: Field): number[] {
  const [, span = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
  const every = step === undefined ? 1 : Number(step);
  const [low, high, ...more] = span === '*' ? [String(field.from), String(field.to)] : span.split('-');
  if (low === undefined || more.length > 0 || every < 1) throw refused(part, field);
  const from = numberOf(low, field);
  const to = high !== undefined ? numberOf(high, field) : step === undefined ? from : field.to;
  if (to < from) {
    // FRI-MON runs over the end of the week.
    return [...steps(from, field.to, every), ...steps(field.from, to, every)];
  }
  return steps(from, to, every);
}

function steps(from: number, to: number, every: number): number[] {
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, index) => from + index * every);
}

function numberOf(text: string, field: Field): number {
  const word = field.words?.indexOf(text.toUpperCase()) ?? -1;
  const value = word >= 0 ? word + field.from : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= field.from && value <= field.to)) throw refused(text, field);
  return value;
}

/** `L` is the last day, `15W` the working day nearest to the 15th within its month, `LW` the last working day. */
function dayOfMonth(text: string): DayTest {
  if (text === 'L') return (date) => date.day === lastDay(date);
  if (text === 'LW') return (date) => date.day === nearestWorkingDay(date, lastDay(date));
  const [, near] = /^(\d+)W$/.exec(text) ?? [];
  if (near !== undefined) {
    const wanted = numberOf(near, dayField);
    return (date) => wanted <= lastDay(date) && date.day === nearestWorkingDay(date, wanted);
  }
  const days = values(text, dayField);
  return ({ day }) => days.has(day);
}

/** `6L` is the month's last Friday, `3#2` its second Tuesday, `L` Saturday. */
function dayOfWeek(text: string): DayTest {
  if (text.toUpperCase() === 'L') return ({ weekday }) => weekday === weekdayField.to;
  const [, last] = /^(\w+)L$/.exec(text) ?? [];
  if (last !== undefined) {
    const wanted = numberOf(last, weekdayField);
    return (date) => date.weekday === wanted && date.day > lastDay(date) - 7;
  }
  const [, nth, count] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (nth !== undefined) {
    const wanted = numberOf(nth, weekdayField);
    return ({ day, weekday }) => weekday === wanted && Math.ceil(day / 7) === Number(count);
  }
  const days = values(text, weekdayField);
  return ({ weekday }) => days.has(weekday);
}

function nearestWorkingDay(date: Day, wanted: number): number {
  const weekday = new Date(Date.UTC(date.year, date.month - 1, wanted)).getUTCDay();
  if (weekday === 6) return wanted === 1 ? 3 : wanted - 1;
  if (weekday === 0) return wanted === lastDay(date) ? wanted - 2 : wanted + 1;
  return wanted;
}

function lastDay({ year, month }: Day): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function dayAt(midnight: number): Day {
  const date = new Date(midnight);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay() + 1,
  };
}

function refused(text: string, { name }: Field): Error {
  return new Error(`${text} is not valid in a cron expression's ${name} field`);
}
