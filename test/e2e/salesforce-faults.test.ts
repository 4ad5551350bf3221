import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { removeHome, type Started, scratchHome, startSystem } from '../bench/system.ts';
import { shareOf } from '../support/fault-share.ts';
import { enquiry, formBody } from '../support/forms.ts';
import { submit } from '../support/landing-page.ts';
import { type Salesforce, salesforceOn } from '../support/salesforce.ts';
import { settle } from '../support/settle.ts';
import { admin } from '../support/survey-story.ts';
import { syncFaultPlan } from '../support/sync-fault-plan.ts';
import { expectVerified } from '../support/verified.ts';

/** One hundred seeded runs of the sync with Salesforce, ten of them with a kill -9 and a restart in the middle. */
const killSeeds = shareOf(Array.from({ length: 10 }, (_, n) => 3000 + n));
const groups = shareOf(
  Array.from({ length: 9 }, (_, group) => shareOf(Array.from({ length: 10 }, (_, n) => group * 10 + n))),
);
const allSeeds = [...groups.flat(), ...killSeeds];

const home = scratchHome();
let system: Started;
let salesforce: Salesforce;
let formId: string;
/** Our contact and its lead, for each address that was there before. */
const pairs = new Map<string, { readonly contactId: string; readonly leadId: string }>();

const newcomer = (seed: number) => `form${seed}@example.co.jp`;
const editedHere = (seed: number) => `here${seed}@example.co.jp`;
const editedThere = (seed: number) => `there${seed}@example.co.jp`;
const titleOf = (seed: number) => `役職${seed}`;
const usualMappings = [
  ['lastname', 'LastName'],
  ['email', 'Email'],
  ['jobtitle', 'Title'],
].map(([property, salesforceField]) => ({ objectType: '0-1', property, salesforceField, rule: 'two_way' }));

type Lead = Record<string, unknown> & { readonly Id: string; readonly Email: string };
const allLeads = async () =>
  (await salesforce.org.admin<{ results: Lead[] }>('GET', '/records/Lead?limit=2000')).body.results;
const pairOf = (address: string) => {
  const pair = pairs.get(address);
  if (!pair) throw new Error(`nobody has the address ${address}`);
  return pair;
};

beforeAll(async () => {
  system = await startSystem(home);
  salesforce = salesforceOn(system);
  formId = (await salesforce.api<{ id: string }>('POST', '/marketing/v3/forms', formBody(enquiry))).body.id;
  const addresses = allSeeds.flatMap((seed) => [editedHere(seed), editedThere(seed)]);
  const contactIds = new Map<string, string>();
  for (let start = 0; start < addresses.length; start += 100) {
    const inputs = addresses.slice(start, start + 100).map((email) => ({ properties: { email, lastname: '両' } }));
    const { body } = await salesforce.api<{ results: { id: string; properties: { email: string } }[] }>(
      'POST',
      '/crm/v3/objects/contacts/batch/create',
      { inputs },
    );
    for (const { id, properties } of body.results) contactIds.set(properties.email, id);
  }
  await salesforce.connect();
  await salesforce.api('PUT', '/integrations/v1/salesforce/field-mappings', usualMappings);
  await salesforce.sync();
  for (const { Id, Email } of await allLeads())
    pairs.set(Email, { contactId: contactIds.get(Email) ?? '', leadId: Id });
  expect(pairs.size).toBe(addresses.length);
});
afterAll(async () => {
  await system?.stop();
  removeHome(home);
});

async function disturb(seed: number): Promise<void> {
  const { faults, trouble } = syncFaultPlan(seed);
  for (const fault of faults) await admin(system, 'POST', '/faults', fault);
  for (const each of trouble) expect(await salesforce.trouble(each)).toMatchObject({ status: 200 });
}
/** Also after a run that failed, so that it fails alone. */
async function calm(): Promise<void> {
  await admin(system, 'DELETE', '/faults');
  await salesforce.calm();
}
afterEach(calm);

/** As a client does: again while the answer is an error of ours or none. */
async function untilTaken(what: string, send: () => Promise<{ status: number; body: unknown }>): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    const answer = await send().catch(() => undefined);
    if (answer && answer.status < 300) return;
    if (answer && answer.status < 429) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
    await pause(50);
  }
  throw new Error(`${what}: never taken`);
}

/** Somebody sends the form, a contact is edited here and another one's lead there, and a run is asked for, all at once. */
async function work(seed: number): Promise<void> {
  const values = { email: newcomer(seed), lastname: '新', message: `問合せ ${seed}` };
  const send = () => untilTaken(`form ${seed}`, () => submit(system, { formId }, values));
  const { contactId } = pairOf(editedHere(seed));
  const { leadId } = pairOf(editedThere(seed));
  const Title = titleOf(seed);
  await Promise.all([
    send(),
    ...(syncFaultPlan(seed).doubleSubmit ? [send()] : []),
    untilTaken(`edit ${seed}`, () => salesforce.change(contactId, { jobtitle: Title })),
    untilTaken(`edit of the lead ${seed}`, () => salesforce.sf.change('Lead', leadId, { Title })),
    untilTaken(`run ${seed}`, () => salesforce.api('POST', '/integrations/v1/salesforce/sync')),
  ]);
}

/** Trouble is over: what was refused is tried again in its time, at the latest after a few of its growing pauses. */
async function settleAll(): Promise<void> {
  await calm();
  await settle(system);
  // A run that died stands in the way of others for 40 seconds.
  await salesforce.advance(60_000);
  await settle(system);
  for (let rounds = 0; rounds < 5; rounds += 1) {
    await salesforce.sync();
    await settle(system);
    if ((await salesforce.errors()).length === 0) return;
    await salesforce.advance(45 * 60_000);
    await settle(system);
  }
}

/** Both sides of a run's three people. */
async function endOf(seed: number, leads: readonly Lead[]) {
  const titleHere = async (address: string) =>
    (await salesforce.read(pairOf(address).contactId, ['jobtitle'])).jobtitle;
  const leadsOf = (address: string) => leads.filter(({ Email }) => Email === address);
  return {
    seed,
    newcomers: leadsOf(newcomer(seed)).map(({ LastName, Tsunagi_Id__c }) => [LastName, Tsunagi_Id__c]),
    here: [await titleHere(editedHere(seed)), ...leadsOf(editedHere(seed)).map(({ Title }) => Title)],
    there: [await titleHere(editedThere(seed)), ...leadsOf(editedThere(seed)).map(({ Title }) => Title)],
  };
}

async function expectWhole(seeds: readonly number[]): Promise<void> {
  expect(await salesforce.errors()).toEqual([]);
  const leads = await allLeads();
  for (const seed of seeds) {
    const title = titleOf(seed);
    const contactId = await salesforce.find(newcomer(seed));
    const newcomers = [['新', contactId]];
    expect(await endOf(seed, leads)).toEqual({ seed, newcomers, here: [title, title], there: [title, title] });
  }
  // A second later a write would have another stamp.
  await salesforce.advance(2000);
  expect(await salesforce.sync()).toMatchObject({ status: 'COMPLETED', pulled: 0, pushed: 0, errors: 0 });
  const stamps = (all: readonly Lead[]) => all.map(({ Id, SystemModstamp }) => `${Id} ${SystemModstamp}`).sort();
  expect(stamps(await allLeads())).toEqual(stamps(leads));
}

test.each(
  groups.map((seeds) => [`${seeds[0]}-${seeds.at(-1)}`, seeds] as const),
)('runs %s under faults end with one lead for each person, both sides equal and nothing refused', async (_, seeds) => {
  for (const seed of seeds) {
    await disturb(seed);
    await work(seed);
    // Runs that are under way meet the trouble, too.
    await fetch(`${system.localUrl}/idle`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ timeoutMs: 150 }),
    });
    await calm();
  }
  await settleAll();
  await expectWhole(seeds);
});

test.each(
  killSeeds,
)('run %i is killed in the middle, and after the restart ends as if nothing had happened', async (seed) => {
  await disturb(seed);
  const working = work(seed).then(
    () => true,
    () => false,
  );
  await pause(syncFaultPlan(seed).killAfterMs);
  await system.stop('SIGKILL');
  const wasTaken = await working;
  system = await startSystem(home);
  salesforce = salesforceOn(system);
  // A system that was started again answers at another port, and so does its org.
  expect(await salesforce.connect()).toMatchObject({ status: 200 });
  if (!wasTaken) await work(seed);
  await settleAll();
  await expectWhole([seed]);
});

test('no message was given up', async () => {
  type Queue = { name: string; visible: number; inFlight: number; deadLettersOf?: string[] };
  const deadLetters = (await admin<Queue[]>(system, 'GET', '/queues')).filter(({ deadLettersOf }) => deadLettersOf);
  expect(deadLetters.length).toBeGreaterThan(3);
  expect(deadLetters.filter(({ visible, inFlight }) => visible + inFlight > 0)).toEqual([]);
});

test('the table agrees with itself at the end', () => expectVerified(system));
