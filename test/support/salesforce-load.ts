import type { Salesforce } from './salesforce.ts';
import { eventually } from './wait.ts';

const addressOf = (position: number) => `person${String(position).padStart(5, '0')}@example.co.jp`;
const contactsPerCall = 100;
const leadsPerCall = 500;

type LeadFields = { readonly LastName: string; readonly Company: string; readonly Email: string };

async function givenLeads({ org }: Salesforce, count: number, leadAt: (position: number) => LeadFields): Promise<void> {
  for (let start = 0; start < count; start += leadsPerCall) {
    const leads = Array.from({ length: Math.min(leadsPerCall, count - start) }, (_, n) => leadAt(start + n));
    await org.admin('POST', '/records/Lead', leads);
  }
}

/** So many contacts of ours, of whom so many (the first, the fourth, …) are leads already, by their address. */
export async function givenPeople(salesforce: Salesforce, { count, known }: { count: number; known: number }) {
  await givenLeads(salesforce, known, (position) => ({
    LastName: '既知',
    Company: '既知社',
    Email: addressOf(position * 3),
  }));
  for (let start = 0; start < count; start += contactsPerCall) {
    const inputs = Array.from({ length: contactsPerCall }, (_, position) => ({
      properties: { email: addressOf(start + position), lastname: '人', company: '社' },
    }));
    const { status } = await salesforce.api('POST', '/crm/v3/objects/contacts/batch/create', { inputs });
    if (status !== 201) throw new Error(`batch create: ${status}`);
  }
  await salesforce.idle();
}

/** So many leads that only Salesforce has. */
export const givenNewLeads = (salesforce: Salesforce, count: number) =>
  givenLeads(salesforce, count, (position) => ({
    LastName: '新規',
    Company: '新規社',
    Email: `lead${position}@example.co.jp`,
  }));

/** Comes back when no run is under way and the last one came to its end. */
export async function untilDone(salesforce: Salesforce): Promise<void> {
  await eventually(
    'the end of the run',
    async () => {
      await salesforce.idle();
      const { running, runs } = await salesforce.health();
      return !running && runs[0]?.status === 'COMPLETED';
    },
    240_000,
  );
}

/** What all runs that had something to do did, summed up: the schedule starts others beside them. */
export async function sumOfRuns(salesforce: Salesforce): Promise<{ calls: number; pulled: number; pushed: number }> {
  const sum = { calls: 0, pulled: 0, pushed: 0 };
  for (const { calls, pulled, pushed } of (await salesforce.health()).runs) {
    if (pulled + pushed === 0) continue;
    sum.calls += calls;
    sum.pulled += pulled;
    sum.pushed += pushed;
  }
  return sum;
}

/** How many leads the org has. */
export async function leadCount({ org }: Salesforce): Promise<number> {
  const { body } = await org.admin<{ objects: { sobject: string; records: number }[] }>('GET', '');
  return body.objects.find(({ sobject }) => sobject === 'Lead')?.records ?? 0;
}
