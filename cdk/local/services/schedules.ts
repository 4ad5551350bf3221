import { randomUUID } from 'node:crypto';
import type { Clock } from '../model.ts';
import type { Deliveries, Lane } from './deliveries.ts';
import type { BusEvent, Rule } from './event-bus.ts';
import { shapeInput } from './input-transform.ts';
import { nextTime } from './schedule-expression.ts';
import type { Store } from './store.ts';

/**
 * How many firings of one schedule may wait at once. Moving the clock by an hour gives a one-minute schedule its sixty
 * firings; moving it by a month does not give it forty thousand.
 */
const maximumWaiting = 60;

type BoundSchedule = {
  readonly rule: Rule;
  readonly expression: string;
  readonly targets: readonly (Rule['targets'][number] & { readonly lane: Lane })[];
};

/** Scheduled rules: they fire by the clock, also for a moment that passed while nothing ran (once, however many were missed). */
export class Schedules {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #deliveries: Deliveries;
  readonly #place: { readonly account: string; readonly region: string };
  readonly #schedules: readonly BoundSchedule[];
  readonly #cancels = new Map<string, () => void>();
  readonly #save: (name: string, expression: string, nextAt: number | undefined) => void;

  constructor(options: {
    store: Store;
    clock: Clock;
    deliveries: Deliveries;
    rules: readonly Rule[];
    account?: string;
    region?: string;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#deliveries = options.deliveries;
    this.#place = { account: options.account ?? '000000000000', region: options.region ?? 'us-east-1' };
    const save = options.store.statement(
      'insert into schedule values (?, ?, ?) on conflict do update set expression = excluded.expression, next_at = excluded.next_at',
    );
    this.#save = (name, expression, nextAt) => save.run(name, expression, nextAt ?? null);
    this.#schedules = options.rules.flatMap((rule) =>
      rule.enabled && rule.schedule !== undefined ? [this.#bind(rule, rule.schedule)] : [],
    );
  }

  start(): void {
    const saved = this.#store.statement<{ expression: string; next_at: number | null }>(
      'select expression, next_at from schedule where name = ?',
    );
    for (const schedule of this.#schedules) {
      const { rule, expression } = schedule;
      const known = saved.get(rule.name);
      const nextAt =
        known?.expression === expression ? (known.next_at ?? undefined) : nextTime(expression, this.#clock.now());
      this.#save(rule.name, expression, nextAt);
      if (nextAt === undefined) continue;
      if (nextAt > this.#clock.now()) this.#arm(schedule, nextAt);
      else this.#fire(schedule, nextAt, this.#clock.now());
    }
  }

  stop(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  #bind(rule: Rule, expression: string): BoundSchedule {
    nextTime(expression, this.#clock.now());
    const targets = rule.targets.map((target) => ({
      ...target,
      lane: this.#deliveries.lane(`schedule ${rule.name}/${target.id}`, target),
    }));
    return { rule, expression, targets };
  }

  #arm(schedule: BoundSchedule, at: number): void {
    this.#cancels.set(
      schedule.rule.name,
      this.#clock.at(at, () => this.#fire(schedule, at, at)),
    );
  }

  /** The firing and the next time are one transaction, so a crash neither loses a firing nor makes one up. */
  #fire(schedule: BoundSchedule, at: number, countFrom: number): void {
    const { expression, rule, targets } = schedule;
    const nextAt = nextTime(expression, countFrom);
    const open = targets.filter(({ lane }) => this.#deliveries.waiting(lane, maximumWaiting) < maximumWaiting);
    if (open.length > 0) {
      const event = this.#event(rule, at);
      this.#store.transaction(() => {
        for (const target of open)
          this.#deliveries.send(target.lane, shapeInput(target, event, { ...this.#named(rule), now: at }));
        this.#save(rule.name, expression, nextAt);
      });
    }
    if (nextAt !== undefined) this.#arm(schedule, nextAt);
  }

  #event(rule: Rule, at: number): BusEvent {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      ...this.#place,
      time: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
      resources: [this.#named(rule).arn],
      detail: {},
    };
  }

  #named({ name }: Rule): { name: string; arn: string } {
    return { name, arn: `arn:aws:events:${this.#place.region}:${this.#place.account}:rule/${name}` };
  }
}
