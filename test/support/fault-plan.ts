import { random } from './random.ts';

export type Fault = {
  readonly service: string;
  readonly kind: string;
  readonly rate: number;
  readonly count: number;
  readonly seed: number;
};

/**
 * Trouble that AWS and Slack can give. `drop` towards Slack is left out: whether a post whose connection was cut has arrived is not
 * to be known, so it is reported as UNKNOWN to a person instead of being sent twice.
 */
const troubles: readonly (readonly [service: string, kind: string, rate: number])[] = [
  ['dynamodb', 'throttle', 0.15],
  ['dynamodb', 'timeoutAfterCommit', 0.1],
  ['dynamodb', 'error', 0.1],
  ['dynamodb', 'duplicate', 1],
  ['dynamodb', 'reorder', 1],
  ['events', 'throttle', 0.3],
  ['events', 'timeoutAfterCommit', 0.3],
  ['events', 'duplicate', 1],
  ['events', 'reorder', 1],
  ['events', 'drop', 0.3],
  ['sqs', 'throttle', 0.2],
  ['sqs', 'timeoutAfterCommit', 0.2],
  ['sqs', 'duplicate', 1],
  ['sqs', 'reorder', 1],
  ['sqs', 'drop', 0.3],
  ['slack', 'throttle', 0.5],
  ['slack', 'error', 0.5],
  ['slack', 'timeoutAfterCommit', 0.5],
];

/** Two to five kinds of trouble for one run, and whether the visitor pressed the button twice: all from the seed. */
export function faultPlan(seed: number): {
  readonly faults: readonly Fault[];
  readonly doubleSubmit: boolean;
  readonly killAfterMs: number;
} {
  const next = random(seed);
  const count = 2 + Math.floor(next() * 4);
  const drawn = troubles.map((trouble) => ({ trouble, order: next() })).sort((a, b) => a.order - b.order);
  const faults = drawn.slice(0, count).map(({ trouble: [service, kind, rate] }) => ({
    service,
    kind,
    rate,
    count: 20,
    seed: Math.floor(next() * 2 ** 31),
  }));
  return { faults, doubleSubmit: next() < 0.5, killAfterMs: Math.floor(next() * 700) };
}
