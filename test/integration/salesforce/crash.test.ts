import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeHome, type Started, scratchHome, startSystem } from '../../bench/system.ts';
import { OrgClient } from '../../support/salesforce-org.ts';
import { expectVerified } from '../../support/verified.ts';
import { eventually } from '../../support/wait.ts';

const people = 600;
let home: string;
let system: Started;
beforeAll(async () => {
  home = scratchHome();
  system = await startSystem(home);
});
afterAll(async () => {
  await system?.stop();
  removeHome(home);
});

async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${system.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${system.accessToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
}
const local = (path: string, body?: unknown) =>
  fetch(`${system.localUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

async function connect(): Promise<void> {
  const org = (await (await fetch(`${system.localUrl}/salesforce/org`)).json()) as Record<string, string>;
  const { instanceUrl, clientId, clientSecret } = org;
  await api('PUT', '/integrations/v1/salesforce/settings', {
    instanceUrl,
    auth: { kind: 'client_credentials', clientId, clientSecret },
    allotment: 100_000,
  });
}

type Counted = { readonly objects: readonly { readonly sobject: string; readonly records: number }[] };
const leads = async () =>
  (await new OrgClient(system).admin<Counted>('GET', '')).body.objects.find(({ sobject }) => sobject === 'Lead')
    ?.records ?? 0;

test('a process that dies in the middle of a run is taken over by the next one: everybody arrives, nobody twice', async () => {
  for (let start = 0; start < people; start += 100) {
    const inputs = Array.from({ length: 100 }, (_, position) => ({
      properties: { email: `crash${start + position}@example.co.jp`, lastname: '落' },
    }));
    await api('POST', '/crm/v3/objects/contacts/batch/create', { inputs });
  }
  await local('/idle');
  await connect();
  await eventually('the first leads', async () => (await leads()) > 0, 30_000);
  await system.stop('SIGKILL');

  system = await startSystem(home);
  await connect();
  await api('POST', '/integrations/v1/salesforce/sync', {});
  await eventually(
    'all leads',
    async () => {
      await local('/clock', { advanceMs: 60_000 });
      await local('/idle');
      return (await leads()) >= people;
    },
    60_000,
  );
  await local('/idle');
  const { runs } = await api<{ runs: readonly { status: string }[] }>('GET', '/integrations/v1/salesforce/health');
  expect(runs[0]).toMatchObject({ status: 'COMPLETED' });
  expect(await leads()).toBe(people);
  const { results } = await api<{ results: unknown[] }>('GET', '/integrations/v1/salesforce/errors');
  expect(results).toEqual([]);
}, 180_000);

test('the table agrees with itself at the end', () => expectVerified(system));
