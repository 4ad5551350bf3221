import type { StreamRecord } from './stream.ts';
import type { StreamRow } from './table-store.ts';

/** A committed change; its record is made when the first reader asks for it. */
type Kept = {
  readonly row: StreamRow;
  readonly bytes: number;
  readonly make: () => StreamRecord;
  record?: StreamRecord;
};

/** Enough for readers that keep up; those that lag, and those after a restart, read from the file. */
const mostRecords = 20_000;
const mostBytes = 16 * 1024 * 1024;

/**
 * The newest records of one table's stream, as objects: each reader of the stream would otherwise read and parse every one from the
 * file. They follow each other without a gap, and only what is committed gets here.
 */
export class RecentRecords {
  #kept: Kept[] = [];
  #bytes = 0;

  add(change: Kept): void {
    if (this.#kept.at(-1)?.row.sequence !== change.row.sequence - 1) this.#forget(this.#kept.length);
    this.#kept.push(change);
    this.#bytes += change.bytes;
    if (this.#kept.length > mostRecords || this.#bytes > mostBytes) this.#forget(Math.ceil(this.#kept.length / 2));
  }

  #forget(count: number): void {
    for (const { bytes } of this.#kept.splice(0, count)) this.#bytes -= bytes;
  }

  /** Records after a sequence number that are not older than `since`, or undefined when they reach further back than this. */
  read(after: number, since: number, limit: number): StreamRecord[] | undefined {
    const first = this.#kept[0]?.row.sequence;
    if (first === undefined || after < first - 1) return undefined;
    let start = after - first + 1;
    // In order of time: nothing old comes after the first young one.
    while ((this.#kept[start]?.row.at ?? since) < since) start += 1;
    return this.#kept.slice(start, start + limit).map((kept) => {
      kept.record ??= kept.make();
      return kept.record;
    });
  }
}
