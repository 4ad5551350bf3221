import type { Store } from '../store.ts';

const hourMs = 3_600_000;

export type CallReport = {
  /** HTTP requests with a session; a composite one counts once. */
  readonly total: number;
  /** Requests for an access token, which no limit counts. */
  readonly logins: number;
  readonly byKind: Readonly<Record<string, number>>;
};

/** How often the API was called. The daily limit looks at the last 24 hours. */
export class Calls {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(store: Store) {
    this.#sql = prepare(store);
  }

  add(kind: string, now: number): void {
    this.#sql.add.run(Math.floor(now / hourMs), kind);
  }

  /** Calls of the last 24 hours, to the hour. */
  used(now: number): number {
    return this.#sql.used.get(Math.floor(now / hourMs) - 24)?.count ?? 0;
  }

  report(): CallReport {
    const rows = this.#sql.all.all();
    const logins = rows.find(({ kind }) => kind === 'token')?.count ?? 0;
    const byKind = rows.filter(({ kind }) => kind !== 'token').map(({ kind, count }) => [kind, count] as const);
    return { total: byKind.reduce((sum, [, count]) => sum + count, 0), logins, byKind: Object.fromEntries(byKind) };
  }

  clear(): void {
    this.#sql.clear.run();
  }
}

function prepare(store: Store) {
  return {
    add: store.statement('insert into salesforce_call values (?, ?, 1) on conflict do update set count = count + 1'),
    used: store.statement<{ count: number }>(
      `select coalesce(sum(count), 0) as count from salesforce_call where hour > ? and kind not in ('token', 'refused')`,
    ),
    all: store.statement<{ kind: string; count: number }>(
      'select kind, sum(count) as count from salesforce_call group by kind order by kind',
    ),
    clear: store.statement('delete from salesforce_call'),
  };
}
