const dayMs = 86_400_000;
const day = /^\d{4}-\d{2}-\d{2}$/;
const iso = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/i;
const millis = /^-?\d{1,15}$/;
/** Years 0000 to 9999: only those sort as text. */
const earliest = Date.parse('0000-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** A moment as `2026-11-22T04:30:00.000Z`, from ISO 8601 (UTC without a zone) or epoch milliseconds. */
export function readDatetime(text: string): string | undefined {
  const time = timeOf(text);
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** A day, or the time of day that a moment has and a day must not have. */
export type Day = { readonly day: string } | { readonly timeOfDay: string } | undefined;

/** A day as `2026-11-22`, from that, or from a moment that is midnight UTC. */
export function readDay(text: string): Day {
  const time = timeOf(text);
  if (time === undefined) return undefined;
  const at = new Date(time);
  if (time % dayMs === 0) return { day: at.toISOString().slice(0, 10) };
  return { timeOfDay: `${at.getUTCHours()}:${at.getUTCMinutes()}:${at.getUTCSeconds()}.${at.getUTCMilliseconds()}` };
}

function timeOf(text: string): number | undefined {
  if (millis.test(text)) return within(Number(text));
  if (day.test(text)) return isDay(text) ? within(Date.parse(`${text}T00:00:00Z`)) : undefined;
  const [, date = '', zone] = iso.exec(text) ?? [];
  if (!isDay(date)) return undefined;
  return within(Date.parse(zone ? text : `${text}Z`));
}

/** `Date.parse` takes 2026-02-30 for the second of March. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const within = (time: number) => (time >= earliest && time <= latest ? time : undefined);
