import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { isRunning } from './lease.ts';
import { readSettings } from './settings.ts';
import { calls24h, listRuns, Run, readState, sources } from './state.ts';

/** How the sync is. */
export const Health = z.object({
  running: z.boolean(),
  runs: z.array(Run),
  /** By object of Salesforce: all changes before it are here. */
  watermarks: z.record(z.string(), z.nullable(z.string())),
  calls24h: z.number(),
  allotment: z.number(),
  /** The org's own count of today's calls, as it was told last. */
  salesforceUsage: z.optional(z.object({ used: z.number(), most: z.number() })),
  outageSince: z.optional(z.string()),
});

const runsShown = 50;

/** @throws CrmError 404 before Salesforce is connected */
export async function readHealth(app: App): Promise<z.input<typeof Health>> {
  const [{ allotment }, state, runs, running] = await Promise.all([
    readSettings(app),
    readState(app),
    listRuns(app, runsShown),
    isRunning(app),
  ]);
  return {
    running,
    runs: [...runs],
    watermarks: Object.fromEntries(sources.map((source) => [source, state.positions[source]?.watermark ?? null])),
    calls24h: calls24h(state, app.now()),
    allotment,
    ...(state.usage && { salesforceUsage: state.usage }),
    ...(state.outageSince && { outageSince: state.outageSince }),
  };
}
