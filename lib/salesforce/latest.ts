import type { App } from '../core/app.ts';
import type { ObjectType } from '../objects/definition.ts';
import { readHistory } from '../objects/history.ts';
import type { CrmRecord } from '../objects/record.ts';
import type { Row } from './client.ts';
import type { Side } from './merge.ts';
import type { contested } from './plan.ts';
import { normalise } from './value.ts';

/** A moment in milliseconds as Salesforce tells it, which keeps whole seconds. */
const wholeSecond = (ms: number) => Math.floor(ms / 1000) * 1000;

/**
 * Which side changed last, for each contested property: our time from the record's log, set by Salesforce's clock, against the row's
 * LastModifiedDate (which, unlike SystemModstamp, does not move with a closed task). Within the same second Salesforce counts. A value
 * there that ours had since the last sync is our own one of an earlier push whose end we did not see: it is no change of theirs.
 */
export async function latestSides(
  app: App,
  {
    type,
    record,
    row,
    states,
  }: { type: ObjectType; record: CrmRecord; row: Row; states: ReturnType<typeof contested> },
  { clockOffsetMs, since }: { clockOffsetMs: number; since: string | undefined },
): Promise<ReadonlyMap<string, Side>> {
  if (states.length === 0) return new Map();
  const names = states.map(({ mapping }) => mapping.property);
  const history = await readHistory(app, type, record, names);
  const theirs = Date.parse(String(row.LastModifiedDate ?? row.SystemModstamp));
  return new Map(
    states.map(({ mapping: { property, kind }, state }) => {
      const [newest, ...older] = history[property] ?? [];
      const ours = Date.parse(newest?.timestamp ?? record.updatedAt) + clockOffsetMs;
      const isEcho =
        since !== undefined &&
        older.some(({ value, timestamp }) => timestamp >= since && normalise(kind, value) === state.salesforce);
      return [property, isEcho || wholeSecond(ours) > theirs ? 'tsunagi' : 'salesforce'];
    }),
  );
}
