import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { absent, attributes, versionIs } from '../table/conditions.ts';
import { salesforceKey, salesforcePartition, salesforceRunKey, salesforceRunPrefix } from '../table/keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';

/** What runs read from Salesforce, in this order. */
export const sources = ['Contact', 'Lead', 'Opportunity', 'OpportunityContactRole'] as const;
export type Source = (typeof sources)[number];

const Window = z.object({
  from: z.optional(z.string()),
  to: z.string(),
  after: z.optional(z.object({ stamp: z.string(), id: z.string() })),
});

const Position = z.object({
  /** All changes before it are here. */
  watermark: z.optional(z.string()),
  /** The part that a run is reading, and how far it is. */
  window: z.optional(Window),
});
export type Position = z.output<typeof Position>;

/** Where the sync stands. Only the run that holds the lease writes it. */
export const State = z.object({
  version: z.number(),
  positions: z.record(z.string(), Position),
  /** A run that is to be continued. */
  runId: z.optional(z.string()),
  /** Since when Salesforce does not answer. */
  outageSince: z.optional(z.string()),
  /** Calls by hour. */
  calls: z.record(z.string(), z.number()),
  /** The org's own count, as it was told last. */
  usage: z.optional(z.object({ used: z.number(), most: z.number() })),
});
export type State = z.output<typeof State>;

const RunStatus = z.enum(['RUNNING', 'COMPLETED', 'LIMIT_REACHED', 'FAILED']);

/** One run, over all its slices. */
export const Run = z.object({
  id: z.string(),
  startedAt: z.string(),
  endedAt: z.optional(z.string()),
  status: RunStatus,
  /** Records of ours that were made or changed from Salesforce. */
  pulled: z.number(),
  /** Records of Salesforce that were made or changed from ours. */
  pushed: z.number(),
  /** People who were left out by a setting. */
  skipped: z.number(),
  calls: z.number(),
  /** Refusals. */
  errors: z.number(),
  error: z.optional(z.string()),
});
export type Run = z.output<typeof Run>;

const firstState: State = { version: 0, positions: {}, calls: {} };

export const readState = async (app: App): Promise<State> =>
  (await app.table.get(salesforceKey('state'), State)) ?? firstState;

const dayMs = 24 * 60 * 60_000;
const runKeptSeconds = 30 * 24 * 60 * 60;
const hourOf = (isoTime: string) => isoTime.slice(0, 13);

const recent = (calls: State['calls'], now: string) => {
  const since = hourOf(new Date(Date.parse(now) - dayMs + 60 * 60_000).toISOString());
  return Object.fromEntries(Object.entries(calls).filter(([hour]) => hour >= since));
};

/** Calls of the last 24 hours. */
export const calls24h = ({ calls }: State, now: string): number =>
  Object.values(recent(calls, now)).reduce((sum, each) => sum + each, 0);

/** The state with more calls in this hour. */
export const withCalls = (state: State, more: number, now: string): State => ({
  ...state,
  calls: { ...recent(state.calls, now), [hourOf(now)]: (state.calls[hourOf(now)] ?? 0) + more },
});

/** Saves where a run stands. @throws StaleRead when another run took over; also when `reread` is not as it was seen */
export async function saveState(app: App, state: State, run: Run, rereadAt?: string): Promise<State> {
  const saved = { ...state, version: state.version + 1 };
  const expiresAt = Math.floor(Date.parse(run.startedAt) / 1000) + runKeptSeconds;
  await commitOrThrow(app.table, [
    orStale({
      put: { ...salesforceKey('state'), entity: 'salesforce-state', ...saved },
      when: state.version === 0 ? absent : versionIs(state.version),
    }),
    orStale({ put: { ...salesforceRunKey(run.id), entity: 'salesforce-run', ...run, expiresAt } }),
    ...(rereadAt ? [orStale({ remove: salesforceKey('reread'), when: attributes({ at: rereadAt }) })] : []),
  ]);
  return saved;
}

export const readRun = (app: App, id: string): Promise<Run | undefined> => app.table.get(salesforceRunKey(id), Run);

/** The last runs, newest first. */
export async function listRuns(app: App, limit: number): Promise<readonly Run[]> {
  const { items } = await app.table.query(
    { pk: salesforcePartition, prefix: salesforceRunPrefix, descending: true, limit },
    Run,
  );
  return items;
}

const Reread = z.object({ at: z.string() });

/** Asks the next run to read Salesforce from the beginning. */
export const rereadWrite = (app: App) => ({
  put: { ...salesforceKey('reread'), entity: 'salesforce-reread', at: app.newEventId() },
});
export const readReread = async (app: App): Promise<string | undefined> =>
  (await app.table.get(salesforceKey('reread'), Reread))?.at;
