/** A moment as Salesforce writes it, without its milliseconds: stamps have a resolution of one second. Text order is time order. */
export const moment = (ms: number): string =>
  new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('Z', '+0000');

/** Reads ISO 8601 with a zone (`Z`, `+0900`, `+09:00`); undefined when it is no moment. */
export function readMoment(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(ms) ? undefined : moment(ms);
}

/** Reads `YYYY-MM-DD`, also as the beginning of a moment; undefined when there is no such day. */
export function readDay(text: string): string | undefined {
  const day = /^(\d{4}-\d\d-\d\d)(?:T.*)?$/.exec(text)?.[1];
  if (!day) return undefined;
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day ? undefined : day;
}
