import type { App } from '../core/app.ts';
import { NotYet } from '../core/consume.ts';
import { isUnavailable } from '../core/errors.ts';
import { StaleRead } from '../table/contention.ts';
import { commitGroups } from '../table/groups.ts';
import { SalesforceClient } from './client.ts';
import { readDirty } from './dirty.ts';
import { anyErrors, forgetSteps, mappingErrorId } from './errors.ts';
import { LeaseLost, RunLease } from './lease.ts';
import { applyOldRoles } from './opportunities.ts';
import { pullSource } from './pull.ts';
import { pushAll } from './push.ts';
import { missingColumn } from './refusal.ts';
import { retryDue } from './retry.ts';
import { readCredentials } from './secret.ts';
import { findSettings, readMappings } from './settings.ts';
import {
  calls24h,
  type Position,
  type Run,
  readReread,
  readRun,
  readState,
  type State,
  saveState,
  sources,
  withCalls,
} from './state.ts';
import { refuse, type Sync } from './sync.ts';
import { SalesforceTrouble } from './trouble.ts';

/** `FULL` reads Salesforce and then sends what is marked; `PUSH` sends only, for a form that must not wait. */
export type RunKind = 'FULL' | 'PUSH';

/** Refused records are not tried again by themselves above this part of the allotment (HubSpot's figure). */
const retryShare = 0.75;
const mostLostColumns = 10;

/**
 * Runs the sync for a while. One run at a time: who comes meanwhile is noticed by the one that runs. The answer is the kind of run that is to
 * be made next at once, because time is over; undefined when there is nothing more to do now.
 */
export async function runSync(app: App, kind: RunKind, outOfTime: () => boolean): Promise<RunKind | undefined> {
  const settings = await findSettings(app);
  const credentials = settings && (await readCredentials());
  if (!settings || !credentials) return undefined;
  const lease = await RunLease.take(app, kind === 'FULL');
  if (!lease) return undefined;
  const asSalesforce: App = { ...app, actor: { kind: 'salesforce', id: settings.organizationId } };
  try {
    for (let next = kind; ; ) {
      const full = await lease.listen();
      if (full) next = 'FULL';
      const slice = await Slice.begin(asSalesforce, { settings, credentials, lease, outOfTime });
      const more = await slice.run(next);
      if (more) return more;
      if (await lease.release()) return undefined;
      if (outOfTime()) return 'FULL';
      next = 'PUSH';
    }
  } catch (error) {
    // Another run has taken over: it does what there is to do.
    if (error instanceof LeaseLost) return undefined;
    throw error instanceof StaleRead ? new NotYet(error.message) : error;
  } finally {
    await lease.leave();
  }
}

type Order = {
  readonly settings: Sync['settings'];
  readonly credentials: NonNullable<Awaited<ReturnType<typeof readCredentials>>>;
  readonly lease: RunLease;
  readonly outOfTime: () => boolean;
};

/** A part of a run that one process makes. */
class Slice {
  private readonly app: App;
  private readonly sync: Sync;
  private readonly client: SalesforceClient;
  private readonly allotment: number;
  private state: State;
  private run_: Run;
  private counted = 0;

  private constructor(app: App, order: Order, given: { state: State; run: Run; mappings: Sync['mappings'] }) {
    const { settings, credentials, lease, outOfTime } = order;
    this.app = app;
    this.state = given.state;
    this.run_ = given.run;
    this.allotment = settings.allotment;
    const onCall = async () => {
      if (this.used() >= this.allotment)
        throw new SalesforceTrouble('LIMIT', 'ALLOTMENT', `the allotment of ${this.allotment} calls a day is used up`);
      await lease.keep();
    };
    this.client = new SalesforceClient({ instanceUrl: settings.instanceUrl, credentials, onCall });
    this.sync = {
      app,
      client: this.client,
      settings,
      mappings: given.mappings,
      counts: { pulled: 0, pushed: 0, skipped: 0, errors: 0 },
      hasErrors: true,
      outOfTime,
    };
  }

  static async begin(app: App, order: Order): Promise<Slice> {
    const [state, mappings] = await Promise.all([readState(app), readMappings(app)]);
    const known = state.runId === undefined ? undefined : await readRun(app, state.runId);
    const none = { pulled: 0, pushed: 0, skipped: 0, calls: 0, errors: 0 };
    const run: Run = known ?? { id: app.newEventId(), startedAt: app.now(), status: 'RUNNING', ...none };
    return new Slice(app, order, { state, run, mappings });
  }

  /** The kind of run that is to go on at once, when time is over. */
  async run(kind: RunKind): Promise<RunKind | undefined> {
    const isQuick = kind === 'PUSH' && this.state.runId === undefined;
    if (isQuick && (await readDirty(this.app, 1)).length === 0) return undefined;
    try {
      const done = await this.withoutLostColumns(() => this.phases(isQuick ? 'PUSH' : 'FULL'));
      if (!done) {
        await this.save({ status: 'RUNNING' });
        return isQuick ? 'PUSH' : 'FULL';
      }
      await this.end('COMPLETED');
    } catch (error) {
      await this.fail(error);
    }
    return undefined;
  }

  private async phases(kind: RunKind): Promise<boolean> {
    const { sync } = this;
    sync.hasErrors = await anyErrors(this.app);
    if (kind === 'FULL') {
      await this.reread();
      // A run that goes on in the middle of its reading learns the clock from that, and spares the calls of what it has read.
      if (this.openSource() < 0) await this.client.limits();
      if (sync.hasErrors && this.used() < this.allotment * retryShare) await retryDue(sync);
      if (!(await this.pull())) return false;
      await applyOldRoles(sync);
    }
    return pushAll(sync);
  }

  /** Which of the sources is being read; those before it are at their end. */
  private openSource(): number {
    return sources.findIndex((source) => this.state.positions[source]?.window);
  }

  private async pull(): Promise<boolean> {
    const { opportunity, customer } = this.sync.settings.stages;
    for (const source of sources.slice(Math.max(0, this.openSource()))) {
      if (source.startsWith('Opportunity') && !opportunity && !customer) continue;
      const position = this.state.positions[source] ?? {};
      const save = async (at: Position) => {
        this.state = { ...this.state, positions: { ...this.state.positions, [source]: at } };
        if (at.window) await this.save({ status: 'RUNNING' });
      };
      if (!(await pullSource(this.sync, source, { position, save }))) return false;
    }
    return true;
  }

  /** Somebody asked that Salesforce is read from the beginning. The run is stored before its first page: it shows, and is resumed. */
  private async reread(): Promise<void> {
    const at = await readReread(this.app);
    if (at) this.state = { ...this.state, positions: {} };
    await this.save({ status: 'RUNNING' }, at);
  }

  /** A mapped column that the org has no more is told of, and left out of this run. */
  private async withoutLostColumns(phases: () => Promise<boolean>): Promise<boolean> {
    for (let lost = 0; ; lost += 1) {
      try {
        const done = await phases();
        return done;
      } catch (error) {
        const field = error instanceof SalesforceTrouble ? missingColumn(error.message) : undefined;
        const isMapped = this.sync.mappings.some((mapping) => mapping.field === field);
        if (!field || !isMapped || lost >= mostLostColumns) throw error;
        this.sync.mappings = this.sync.mappings.filter((mapping) => mapping.field !== field);
        const message = `Salesforce has no column ${field}, or does not show it`;
        await refuse(this.sync, {
          id: mappingErrorId(field),
          category: 'PROPERTY_MAPPINGS',
          code: 'INVALID_FIELD',
          message,
        });
      }
    }
  }

  private used(): number {
    return calls24h(this.state, this.app.now()) + this.client.calls - this.counted;
  }

  private async end(status: Run['status'], error?: string): Promise<void> {
    if (status === 'COMPLETED' && this.sync.hasErrors) await this.forgetMended();
    await this.save({ status, endedAt: this.app.now(), ...(error && { error }) });
  }

  /** Mappings whose columns are there again. */
  private async forgetMended(): Promise<void> {
    const ids = this.sync.mappings.map(({ field }) => mappingErrorId(field));
    const steps = await forgetSteps(this.app, ids);
    await commitGroups(
      this.app.table,
      [...steps.values()].map((step) => [step]),
    );
  }

  /** What Salesforce did ends the run; where it stands is saved, and the next one goes on from there. */
  private async fail(error: unknown): Promise<void> {
    if (error instanceof LeaseLost || error instanceof StaleRead || isUnavailable(error)) throw error;
    if (!(error instanceof SalesforceTrouble)) {
      await this.end('FAILED', error instanceof Error ? error.name : 'unknown');
      throw error;
    }
    if (error.kind === 'LIMIT') return this.end('LIMIT_REACHED', error.message);
    if (error.kind === 'UNAVAILABLE')
      this.state = { ...this.state, outageSince: this.state.outageSince ?? this.app.now() };
    await this.end('FAILED', `${error.code}: ${error.message}`);
  }

  /** Saves where the sync stands together with what this run did until now. */
  private async save(more: Partial<Run>, rereadAt?: string): Promise<void> {
    const { counts } = this.sync;
    const calls = this.client.calls - this.counted;
    const run: Run = {
      ...this.run_,
      ...more,
      pulled: this.run_.pulled + counts.pulled,
      pushed: this.run_.pushed + counts.pushed,
      skipped: this.run_.skipped + counts.skipped,
      errors: this.run_.errors + counts.errors,
      calls: this.run_.calls + calls,
    };
    const { runId: _, outageSince, ...rest } = withCalls(this.state, calls, this.app.now());
    this.state = await saveState(
      this.app,
      {
        ...rest,
        ...(this.client.usage && { usage: this.client.usage }),
        ...(run.status === 'RUNNING' && { runId: run.id }),
        ...(run.status !== 'COMPLETED' && outageSince && { outageSince }),
      },
      run,
      rereadAt,
    );
    this.run_ = run;
    this.counted += calls;
    Object.assign(counts, { pulled: 0, pushed: 0, skipped: 0, errors: 0 });
  }
}
