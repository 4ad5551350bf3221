import type { Fault } from './fault-plan.ts';
import { random } from './random.ts';

/** Trouble inside the org: rows that are refused, and the org as a whole. */
type OrgTrouble = {
  readonly kind: string;
  readonly count: number;
  readonly nth: number;
  readonly seed: number;
};

const faults: readonly (readonly [service: string, kind: string, rate: number, count: number])[] = [
  ['dynamodb', 'throttle', 0.15, 20],
  ['dynamodb', 'timeoutAfterCommit', 0.1, 20],
  ['dynamodb', 'error', 0.1, 20],
  ['dynamodb', 'duplicate', 1, 20],
  ['dynamodb', 'reorder', 1, 20],
  ['events', 'throttle', 0.3, 20],
  ['events', 'timeoutAfterCommit', 0.3, 20],
  ['events', 'duplicate', 1, 20],
  ['events', 'reorder', 1, 20],
  ['events', 'drop', 0.3, 20],
  ['sqs', 'throttle', 0.2, 20],
  ['sqs', 'timeoutAfterCommit', 0.2, 20],
  ['sqs', 'duplicate', 1, 20],
  ['sqs', 'reorder', 1, 20],
  ['sqs', 'drop', 0.3, 20],
  ['salesforce', 'throttle', 0.5, 6],
  ['salesforce', 'error', 0.5, 6],
  ['salesforce', 'timeoutAfterCommit', 0.5, 6],
  ['salesforce', 'drop', 0.5, 6],
];
const orgKinds: readonly (readonly [kind: string, count: number])[] = [
  ['LOCKED', 1],
  ['INVALID', 1],
  ['DUPLICATE', 1],
  ['ENTITY_IS_DELETED', 1],
  ['CONVERTED', 1],
  ['INSUFFICIENT_ACCESS_OR_READONLY', 1],
  ['SESSION_EXPIRED', 2],
  ['DAILY_LIMIT', 1],
  ['DOWN', 4],
  ['CUT_BODY', 1],
];

export type SyncFaultPlan = {
  readonly faults: readonly Fault[];
  readonly trouble: readonly OrgTrouble[];
  readonly doubleSubmit: boolean;
  readonly killAfterMs: number;
};

/** Two to four kinds of trouble for one run of the Salesforce sync, one of them Salesforce's, and whether the form is sent twice. */
export function syncFaultPlan(seed: number): SyncFaultPlan {
  const next = random(seed);
  const count = 2 + Math.floor(next() * 3);
  const draw = () => Math.floor(next() * 2 ** 31);
  const aws = drawn(faults, next).map(([service, kind, rate, most]) => ({
    service,
    kind,
    rate,
    count: most,
    seed: draw(),
  }));
  const org = drawn(orgKinds, next).map(([kind, most]) => ({ kind, count: most, nth: 1 + (draw() % 5), seed: draw() }));
  const ofOrg = 1 + Math.floor(next() * (count - 1));
  return {
    faults: aws.slice(0, count - ofOrg),
    trouble: org.slice(0, ofOrg),
    doubleSubmit: next() < 0.5,
    killAfterMs: Math.floor(next() * 900),
  };
}

/** All of them in an order of chance. */
function drawn<T>(all: readonly T[], next: () => number): T[] {
  const ordered = all.map((each) => ({ each, order: next() })).sort((a, b) => a.order - b.order);
  return ordered.map(({ each }) => each);
}
