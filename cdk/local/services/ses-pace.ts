import { QueryError } from './query-protocol.ts';

/** What SES lets an account send. */
export type SendQuota = { readonly maxSendRate: number; readonly max24HourSend: number };

/** More than any account starts with, so that only tests which ask for it meet a limit. */
const usualQuota: SendQuota = { maxSendRate: 1000, max24HourSend: 50_000 };

/** Refuses mail that comes faster, or is more in a day, than the quota says, as SES does: nothing of it was taken. */
export class SesPace {
  quota = usualQuota;
  readonly #taken: number[] = [];

  set(quota: Partial<SendQuota>): SendQuota {
    this.quota = { ...usualQuota, ...quota };
    return this.quota;
  }

  /** Counts a mail that is about to be taken. @throws QueryError Throttling */
  take(sentToday: () => number): void {
    const now = performance.now();
    while ((this.#taken[0] ?? now) < now - 1000) this.#taken.shift();
    if (this.#taken.length >= this.quota.maxSendRate)
      throw new QueryError('Throttling', 'Maximum sending rate exceeded.');
    // Counting a day's mail takes time, which the usual quota is not worth.
    if (this.quota.max24HourSend < usualQuota.max24HourSend && sentToday() >= this.quota.max24HourSend)
      throw new QueryError('Throttling', 'Daily message quota exceeded.');
    this.#taken.push(now);
  }
}
