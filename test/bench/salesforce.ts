import { salesforceOn } from '../support/salesforce.ts';
import { givenNewLeads, givenPeople, sumOfRuns, untilDone } from '../support/salesforce-load.ts';
import type { Started } from './system.ts';

export type SyncFigure = {
  readonly what: string;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  /** Calls of Salesforce's API, sign-ins included. */
  readonly calls: number;
  readonly budget: number;
};

/** Calls of Salesforce's API and time for a back-fill, an import and a run with nothing to do, through the whole system. */
export async function measureSync(system: Started): Promise<SyncFigure[]> {
  const salesforce = salesforceOn(system);
  await givenPeople(salesforce, { count: 10_000, known: 3000 });
  let last = { calls: 0, pulled: 0, pushed: 0 };
  const measured = async (what: string, budget: number, begin: () => Promise<unknown>): Promise<SyncFigure> => {
    const begun = performance.now();
    await begin();
    await untilDone(salesforce);
    const seconds = (performance.now() - begun) / 1000;
    const sum = await sumOfRuns(salesforce);
    const [calls, records] = [sum.calls - last.calls, sum.pulled + sum.pushed - last.pulled - last.pushed];
    last = sum;
    return { what, seconds, recordsPerSecond: records / seconds, calls, budget };
  };
  const noImport = { importNew: { leads: false, contacts: false } };
  const out = await measured('10,000 people out, 3,000 known by address', 150, () => salesforce.connect(noImport));
  await salesforce.connect();
  await salesforce.advance(20 * 60_000);
  await untilDone(salesforce);
  last = await sumOfRuns(salesforce);
  const idle = await measured('a run with nothing to do', 10, () => salesforce.sync());
  await givenNewLeads(salesforce, 12_500);
  const into = await measured('12,500 leads in', 15, () => salesforce.sync());
  return [out, into, idle];
}
