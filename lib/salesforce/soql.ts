/** A text as SOQL writes it: quotes and backslashes escaped, control characters as their escapes. */
export const quoted = (text: string): string =>
  `'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')}'`;

/** A moment as SOQL writes it. */
const moment = (isoTime: string): string => isoTime.replace(/\.\d+/, '').replace(/\+0000$|\+00:00$/, 'Z');

/** A place in the rows of an sobject, which are ordered by (SystemModstamp, Id). Stamps have whole seconds, so many rows share one. */
type Place = { readonly stamp: string; readonly id: string };

export type Window = {
  /** Inclusive; absent = from the beginning. */
  readonly from?: string | undefined;
  /** Exclusive. */
  readonly to: string;
  /** Rows up to this one were read. */
  readonly after?: Place | undefined;
};

/** All rows of a window in the order in which they changed. */
export function changesQuery(sobject: string, fields: readonly string[], { from, to, after }: Window): string {
  const bounds = [`SystemModstamp < ${moment(to)}`];
  if (after) {
    const stamp = moment(after.stamp);
    bounds.push(`(SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > ${quoted(after.id)}))`);
  } else if (from) bounds.push(`SystemModstamp >= ${moment(from)}`);
  return `SELECT ${fields.join(', ')} FROM ${sobject} WHERE ${bounds.join(' AND ')} ORDER BY SystemModstamp, Id`;
}

/** The query as a URL carries it. Commas and @ may stand as they are: addresses cost a third less. */
export const inUrl = (soql: string): string =>
  encodeURIComponent(soql).replaceAll('%20', '+').replaceAll('%2C', ',').replaceAll('%40', '@');

/** A GET above 16 KB is answered 414; the rest is for the path and what proxies add. */
const longestQuery = 14_000;

/** Queries that ask for all values, as few as fit. */
export function inQueries(values: readonly string[], query: (list: string) => string): string[] {
  const room = longestQuery - inUrl(query('')).length;
  const lists: string[][] = [];
  let left = 0;
  for (const value of new Set(values)) {
    const item = quoted(value);
    const length = inUrl(item).length + 1;
    if (length > left) {
      lists.push([]);
      left = room;
    }
    lists.at(-1)?.push(item);
    left -= length;
  }
  return lists.map((list) => query(list.join(',')));
}
