import type { StreamedEvent } from '../stream/event-record.ts';
import { attributes } from '../table/conditions.ts';
import { ConditionFailed, type Table, transactionLimit } from '../table/table.ts';
import type { Write } from '../table/write.ts';
import { changeSetCount } from './change-set-count.ts';
import { listSize } from './list-size.ts';
import type { CounterChange, Projection } from './projection.ts';
import { recordCount } from './record-count.ts';
import { surveyInvitation, surveyResult } from './survey-result.ts';

/** Every read model that the projector keeps. */
const projections: readonly Projection[] = [changeSetCount, recordCount, listSize, surveyResult, surveyInvitation];

type Projected = { readonly event: StreamedEvent; readonly changes: readonly CounterChange[] };

/**
 * Brings the read models up to these events, each event exactly once however often it is delivered: the counters and the mark on
 * the event item (`projected`) change in one transaction, under the condition that the mark was not there.
 */
export async function project(
  table: Table,
  events: readonly StreamedEvent[],
  models: readonly Projection[] = projections,
): Promise<void> {
  const concerned = distinct(events)
    .map((event) => ({ event, changes: models.flatMap((projection) => projection(event)) }))
    .filter(({ changes }) => changes.length > 0);
  for (const group of groups(concerned)) await commitGroup(table, group);
}

const distinct = (events: readonly StreamedEvent[]) => [
  ...new Map(events.map((event) => [event.detail.id, event])).values(),
];

/** As many events to a transaction as have room in it with their marks and the counters that they change. */
function groups(all: readonly Projected[]): Projected[][] {
  const found: Projected[][] = [];
  let counters = new Set<string>();
  for (const each of all) {
    const touched = each.changes.map(({ key }) => nameOf(key));
    const group = found.at(-1);
    const together = new Set([...counters, ...touched]);
    if (group && group.length + 1 + together.size <= transactionLimit) {
      group.push(each);
      counters = together;
    } else {
      found.push([each]);
      counters = new Set(touched);
    }
  }
  return found;
}

const nameOf = ({ pk, sk }: CounterChange['key']) => `${pk}\n${sk}`;

async function commitGroup(table: Table, group: readonly Projected[]): Promise<void> {
  try {
    await table.commit([...group.map(markOf), ...counterWrites(group)]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // Some of the batch were projected by an earlier delivery; the marks are the first writes, in the group's order.
    const left = group.filter((_, position) => !error.at(position));
    if (left.length === group.length) throw error;
    if (left.length > 0) await commitGroup(table, left);
  }
}

const markOf = ({ event }: Projected): Write => ({
  update: event.key,
  set: { projected: true },
  when: attributes({ projected: undefined, type: event.type }),
});

function counterWrites(group: readonly Projected[]): Write[] {
  const sums = new Map<string, { key: CounterChange['key']; add: Record<string, number> }>();
  for (const { key, attribute, by } of group.flatMap(({ changes }) => changes)) {
    const name = nameOf(key);
    const sum = sums.get(name) ?? { key: { pk: key.pk, sk: key.sk }, add: {} };
    sum.add[attribute] = (sum.add[attribute] ?? 0) + by;
    sums.set(name, sum);
  }
  return [...sums.values()].map(({ key, add }) => ({ update: key, add }));
}
