import { randomInt } from 'node:crypto';
import * as z from 'zod/mini';
import { type FaultService, faultServices, internalErrors, throttling } from './fault-errors.ts';
import { type Random, seededRandom, shuffled } from './random.ts';
import type { WireError } from './wire-error.ts';

const requestKinds: ReadonlySet<string> = new Set(['throttle', 'error', 'timeoutAfterCommit', 'drop', 'latency']);

/** What `POST /faults` takes. Without `count` a fault stays until it is cleared; with a `seed` a run can be repeated. */
export const FaultInput = z.object({
  service: z.enum(faultServices),
  kind: z.enum(['throttle', 'error', 'timeoutAfterCommit', 'duplicate', 'reorder', 'drop', 'latency']),
  rate: z._default(z.number().check(z.minimum(0), z.maximum(1)), 1),
  count: z.optional(z.int().check(z.minimum(1))),
  /** Only this action, such as `PutEvents`; `deliver` stands for what the service hands on by itself. */
  action: z.optional(z.string()),
  latencyMs: z._default(z.number().check(z.minimum(0)), 200),
  seed: z.optional(z.int()),
});
export type FaultInput = z.input<typeof FaultInput>;

type ActiveFault = z.output<typeof FaultInput> & { readonly seed: number; hits: number; readonly random: Random };

/** What happens to one request. `drop`: break the connection before doing anything; `timeoutAfterCommit`: do it, then break. */
export type Fault =
  | { readonly kind: 'throttle' | 'error'; readonly error: WireError }
  | { readonly kind: 'timeoutAfterCommit' | 'drop' }
  | { readonly kind: 'latency'; readonly latencyMs: number };

/** What happens to one delivery. It may come twice, late or out of order; it is never lost. */
export type Disturbance = {
  readonly duplicate: boolean;
  readonly drop: boolean;
  readonly reorder: boolean;
  /** How long a dropped or overtaken delivery stays away. */
  readonly delayMs: number;
  order<T>(items: readonly T[]): readonly T[];
};

const undisturbed: Disturbance = { duplicate: false, drop: false, reorder: false, delayMs: 0, order: (items) => items };

/** Trouble on demand. Every draw comes from the fault's own seeded sequence. */
export class Faults {
  #active: ActiveFault[] = [];

  /** Throws zod's error for a fault that does not exist. */
  add(input: unknown): void {
    const fault = FaultInput.parse(input);
    const seed = fault.seed ?? randomInt(2 ** 31);
    this.#active.push({ ...fault, seed, hits: 0, random: seededRandom(seed) });
  }

  clear(): void {
    this.#active = [];
  }

  list(): (z.output<typeof FaultInput> & { seed: number; hits: number })[] {
    return this.#active.map(({ random: _, ...fault }) => fault);
  }

  /** The fault that strikes a request, if any. `body` lets a cancelled transaction name as many reasons as it had items. */
  decide(service: FaultService, action: string, body: Readonly<Record<string, unknown>> = {}): Fault | undefined {
    const struck = this.#active.find((fault) => requestKinds.has(fault.kind) && strikes(fault, service, action));
    if (!struck) return undefined;
    switch (struck.kind) {
      case 'throttle':
        return { kind: 'throttle', error: throttling[service]({ action, body, random: struck.random }) };
      case 'error':
        return { kind: 'error', error: internalErrors[service]() };
      case 'latency':
        return { kind: 'latency', latencyMs: struck.latencyMs };
      default:
        return { kind: struck.kind === 'drop' ? 'drop' : 'timeoutAfterCommit' };
    }
  }

  /** What befalls one delivery by `service`: a stream batch (dynamodb), a queue message (sqs), an event for a target (events). */
  delivery(service: FaultService): Disturbance {
    if (this.#active.length === 0) return undisturbed;
    const [duplicate, reorder, drop] = (['duplicate', 'reorder', 'drop'] as const).map((kind) =>
      this.#active.find((fault) => fault.kind === kind && strikes(fault, service, 'deliver')),
    );
    const random = (drop ?? reorder ?? duplicate)?.random;
    if (!random) return undisturbed;
    return {
      duplicate: duplicate !== undefined,
      drop: drop !== undefined,
      reorder: reorder !== undefined,
      delayMs: drop ? 100 + Math.floor(random() * 400) : reorder ? 1 + Math.floor(random() * 60) : 0,
      order: (items) => (reorder ? shuffled(items, reorder.random) : items),
    };
  }
}

function strikes(fault: ActiveFault, service: FaultService, action: string): boolean {
  if (fault.service !== service || (fault.action !== undefined && fault.action !== action)) return false;
  if (fault.count !== undefined && fault.hits >= fault.count) return false;
  if (fault.random() >= fault.rate) return false;
  fault.hits += 1;
  return true;
}
