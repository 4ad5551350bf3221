import { setTimeout as wait } from 'node:timers/promises';

/** Somebody else wrote first: what was read is stale and the whole attempt must be made again. */
export class StaleRead extends Error {
  override readonly name = 'StaleRead';
}

const firstPauseMs = 15;
const longestPauseMs = 400;

/** A random pause that doubles with each try (full jitter, as AWS recommends for contention). */
export const pause = (tries: number) => wait(Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** tries));

/**
 * Makes an attempt (read, decide, commit) until it is not stale, within `budgetMs`. The attempt must read anew each time.
 * After the budget the last `StaleRead` is thrown, which `handle` answers as a 503 with Retry-After.
 */
export async function contend<T>(attempt: () => Promise<T>, budgetMs = 7000): Promise<T> {
  const until = performance.now() + budgetMs;
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StaleRead) || performance.now() > until) throw error;
    }
    await pause(tries);
  }
}
