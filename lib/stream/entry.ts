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
/** In a published event no value is longer; the log and the record keep the whole of it. */
const valueLimit = 2000;

/** The event as an entry of PutEvents. An event that would not fit has its long values cut, and says so in `truncated`. */
export function entryOf({ type, detail }: Pick<StreamedEvent, 'type' | 'detail'>): Entry {
  const whole = JSON.stringify(detail);
  const fits = Buffer.byteLength(whole) + Buffer.byteLength(type) + eventSource.length <= callBytes;
  return {
    Source: eventSource,
    DetailType: type,
    Detail: fits ? whole : JSON.stringify({ ...(cut(detail) as object), truncated: true }),
    Time: new Date(detail.occurredAt),
  };
}

function cut(value: unknown): unknown {
  if (typeof value === 'string') return value.length > valueLimit ? value.slice(0, valueLimit) : value;
  if (Array.isArray(value)) return value.map(cut);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each)]));
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
