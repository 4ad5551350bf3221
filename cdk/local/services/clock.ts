import type { Clock } from '../model.ts';

type Timer = { readonly at: number; readonly run: () => void };

/** `setTimeout` fires at once when it is asked to wait longer than this. */
const longestTimeout = 2 ** 31 - 1;

/**
 * Real time plus an offset. `advance` steps from one due callback to the next, so each sees the moment it asked for
 * and may ask for another one within the same advance.
 */
export class MovableClock implements Clock {
  #offset: number;
  readonly #onMove: (offset: number) => void;
  /** Sorted by time, equal times in the order they were asked for. */
  readonly #timers: Timer[] = [];
  #timeout: NodeJS.Timeout | undefined;

  constructor(options: { offset?: number; onMove?: (offset: number) => void } = {}) {
    this.#offset = options.offset ?? 0;
    this.#onMove = options.onMove ?? (() => undefined);
  }

  now(): number {
    return Date.now() + this.#offset;
  }

  at(at: number, run: () => void): () => void {
    const timer = { at, run };
    const later = this.#timers.findIndex((other) => other.at > at);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
    this.#arm();
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index !== -1) this.#timers.splice(index, 1);
      if (index === 0) this.#arm();
    };
  }

  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`The clock only moves forward, not by ${ms} ms.`);
    const offset = this.#offset + ms;
    const target = Date.now() + offset;
    for (let next = this.#timers[0]; next && next.at <= target; next = this.#timers[0]) {
      this.#offset = Math.max(this.#offset, Math.min(offset, next.at - Date.now()));
      this.#timers.shift();
      next.run();
    }
    this.#offset = offset;
    this.#onMove(offset);
    this.#arm();
  }

  /** Forgets everything that was to come. */
  stop(): void {
    this.#timers.length = 0;
    clearTimeout(this.#timeout);
  }

  #arm(): void {
    clearTimeout(this.#timeout);
    const next = this.#timers[0];
    if (!next) return;
    const wait = Math.min(longestTimeout, Math.max(0, next.at - this.now()));
    this.#timeout = setTimeout(() => this.#runDue(), wait);
  }

  #runDue(): void {
    for (let next = this.#timers[0]; next && next.at <= this.now(); next = this.#timers[0]) {
      this.#timers.shift();
      next.run();
    }
    this.#arm();
  }
}
