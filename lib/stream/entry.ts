import { eventSource } from '../../events/catalogue.ts';
import type { StreamedEvent } from './event-record.ts';

export type Entry = {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Time: Date;
};

/** EventBridge takes 256 KB a call, all entries together; some room is left for what it adds. */
const callBytes = 250_000;
const entriesPerCall = 10;
/** How long values may be in an event that would not fit otherwise; the log and the record keep the whole of them. */
const valueLimits = [2000, 500, 100, 40];

/**
 * The event as an entry of PutEvents. An event that would not fit has its values cut as far as needed, and says so in `truncated`:
 * an entry that EventBridge refuses would hold up the stream and never be published.
 */
export function entryOf({ type, detail }: Pick<StreamedEvent, 'type' | 'detail'>): Entry {
  const entry = (Detail: string): Entry => ({
    Source: eventSource,
    DetailType: type,
    Detail,
    Time: new Date(detail.occurredAt),
  });
  let result = entry(JSON.stringify(detail));
  for (const limit of valueLimits) {
    if (bytesOf(result) <= callBytes) break;
    result = entry(JSON.stringify({ ...(cut(detail, limit) as object), truncated: true }));
  }
  return result;
}

function cut(value: unknown, limit: number): unknown {
  if (typeof value === 'string') return value.slice(0, limit);
  if (Array.isArray(value)) return value.map((each) => cut(each, limit));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each, limit)]));
}

const bytesOf = ({ Detail, DetailType }: Entry) =>
  Buffer.byteLength(Detail) + Buffer.byteLength(DetailType) + eventSource.length;

/** Groups entries so that each group is one PutEvents call: at most 10, at most 256 KB. */
export function calls<T extends { readonly entry: Entry }>(items: readonly T[]): T[][] {
  const groups: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item.entry);
    const group = groups.at(-1);
    if (group && group.length < entriesPerCall && bytes + size <= callBytes) {
      group.push(item);
      bytes += size;
    } else {
      groups.push([item]);
      bytes = size;
    }
  }
  return groups;
}
