import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { NotYet } from '../core/consume.ts';
import { dueWrite } from '../due/due.ts';
import { absentOrBelow, attributes } from '../table/conditions.ts';
import { salesforceKey } from '../table/keys.ts';
import { ConditionFailed } from '../table/table.ts';

const Lease = z.object({
  holder: z.string(),
  until: z.string(),
  /** How often somebody came meanwhile who had more to do; one of them wants Salesforce to be read, too. */
  wakes: z._default(z.number(), 0),
  full: z._default(z.boolean(), false),
});
/** A call has 15 seconds; the lease is kept before each. A run that died stands in the way for so long. */
const leaseMs = 40_000;
const keepEveryMs = 8000;

/** Somebody else runs the sync now. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The right to run the sync: one holder at a time, until it is given back or runs out. */
export class RunLease {
  private readonly app: App;
  private readonly holder: string;
  private keptAt = 0;
  private seen = 0;
  private held = true;

  private constructor(app: App, holder: string) {
    this.app = app;
    this.holder = holder;
  }

  /** Undefined when somebody else holds it, who is told that there is more to do. @throws NotYet */
  static async take(app: App, full: boolean): Promise<RunLease | undefined> {
    const lease = new RunLease(app, app.newEventId());
    const held = async () => {
      const found = await app.table.get(salesforceKey('lease'), Lease);
      return found && found.until > app.now() ? found : undefined;
    };
    for (let tries = 0; tries < 3; tries += 1) {
      if (await lease.write(absentOrBelow('until', app.now()), { wakes: 0, full: false })) return lease;
      const other = await held();
      if (other && (await wake(app, other, full))) return undefined;
    }
    throw new NotYet('One run after another takes its turn');
  }

  /** Holds it for longer. @throws LeaseLost when it ran out and another run began */
  async keep(): Promise<void> {
    if (performance.now() - this.keptAt < keepEveryMs) return;
    if (!(await this.write(attributes({ holder: this.holder }), {}))) throw new LeaseLost('Another run has begun');
  }

  /** Remembers who came until now: what they want is still to be looked at. True when one wants Salesforce to be read. */
  async listen(): Promise<boolean> {
    const { wakes = 0, full = false } = (await this.app.table.get(salesforceKey('lease'), Lease)) ?? {};
    this.seen = wakes;
    return full;
  }

  /** Gives it back, unless somebody called since `listen`: then there is more to do, and the answer is false. */
  async release(): Promise<boolean> {
    const mine = attributes({ holder: this.holder, wakes: this.seen });
    this.held = !(await tried(() => this.app.table.commit([{ remove: salesforceKey('lease'), when: mine }])));
    return !this.held;
  }

  /** Gives it back whatever anybody wants. */
  async leave(): Promise<void> {
    if (!this.held) return;
    const mine = attributes({ holder: this.holder });
    await tried(() => this.app.table.commit([{ remove: salesforceKey('lease'), when: mine }]));
  }

  private async write(when: ReturnType<typeof attributes>, more: Record<string, unknown>): Promise<boolean> {
    const until = new Date(Date.parse(this.app.now()) + leaseMs).toISOString();
    const set = { entity: 'salesforce-lease', holder: this.holder, until, ...more };
    const done = await tried(() => this.app.table.commit([{ update: salesforceKey('lease'), set, when }]));
    if (done) this.keptAt = performance.now();
    return done;
  }
}

/**
 * Tells the holder that there is more to do. One that is dead hears nothing: so the same is asked for again when its lease has run out, which
 * costs nothing when it was alive and has done it.
 */
async function wake(app: App, { holder, until }: z.output<typeof Lease>, full: boolean): Promise<boolean> {
  const body = { kind: full ? 'FULL' : 'PUSH' };
  const due = await dueWrite(app, until, `salesforce#${holder}#${body.kind}`, { queue: 'salesforce', body });
  return tried(() =>
    app.table.commit([
      due,
      {
        update: salesforceKey('lease'),
        add: { wakes: 1 },
        ...(full && { set: { full } }),
        when: attributes({ holder }),
      },
    ]),
  );
}

async function tried(run: () => Promise<void>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

/** Whether a run is under way. */
export async function isRunning(app: App): Promise<boolean> {
  const lease = await app.table.get(salesforceKey('lease'), Lease);
  return lease !== undefined && lease.until > app.now();
}
