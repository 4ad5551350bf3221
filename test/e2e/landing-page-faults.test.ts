import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeHome, type Started, scratchHome, startSystem } from '../bench/system.ts';
import { type Fault, faultPlan } from '../support/fault-plan.ts';
import { shareOf } from '../support/fault-share.ts';
import { hubspot } from '../support/hubspot.ts';
import { givenLandingPage, type LandingPage, slackPosts, submit, ticketsOf } from '../support/landing-page.ts';
import { settle } from '../support/settle.ts';
import { expectVerified } from '../support/verified.ts';

/** One hundred seeded runs of the landing page, ten of them with a kill -9 and a restart in the middle. */
const killSeeds = shareOf(Array.from({ length: 10 }, (_, n) => 1000 + n));
const groups = shareOf(
  Array.from({ length: 9 }, (_, group) => shareOf(Array.from({ length: 10 }, (_, n) => group * 10 + n))),
);

const home = scratchHome();
let system: Started;
let client: Client;
let page: LandingPage;

beforeAll(async () => {
  system = await startSystem(home);
  client = hubspot(system);
  page = await givenLandingPage(system, client);
});
afterAll(async () => {
  await system?.stop();
  removeHome(home);
});

const admin = (method: string, path: string, body?: unknown) =>
  fetch(`${system.localUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const disturb = async (faults: readonly Fault[]) => {
  for (const fault of faults) {
    const response = await admin('POST', '/faults', fault);
    if (!response.ok) throw new Error(`${JSON.stringify(fault)}: ${await response.text()}`);
  }
};

const emailOf = (seed: number) => `run${seed}@example.co.jp`;
const visitor = (seed: number) => ({
  email: emailOf(seed),
  lastname: '田中',
  advertiser_id: page.advertiserId,
  message: `問合せ ${seed}`,
});

/** The visitor's browser: sends again while the answer is an error or none. */
async function submitUntilAccepted(seed: number): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    const answer = await submit(system, page, visitor(seed)).catch(() => undefined);
    if (answer?.status === 200) return;
    if (answer && answer.status < 429) throw new Error(`run ${seed}: ${answer.status} ${JSON.stringify(answer.body)}`);
    await pause(50);
  }
  throw new Error(`run ${seed}: never accepted`);
}

async function endOf(seed: number) {
  const tickets = (await ticketsOf(client, page)).filter(
    ({ properties }) => properties.subject === `お問い合わせ ${emailOf(seed)}`,
  );
  const posts = (await slackPosts(system)).filter((post) => JSON.stringify(post).includes(emailOf(seed)));
  const contacts = await client.crm.contacts.basicApi.getById(
    emailOf(seed),
    undefined,
    undefined,
    ['tickets'],
    false,
    'email',
  );
  const deals = tickets[0]
    ? await client.crm.associations.v4.basicApi.getPage('tickets', tickets[0].id, 'deals')
    : undefined;
  return {
    seed,
    tickets: tickets.length,
    posts: posts.length,
    ofContact: contacts.associations?.tickets?.results.length,
    deals: deals?.results.length,
    owned: Boolean(tickets[0]?.properties.hubspot_owner_id),
  };
}

const oneOfEach = (seed: number) => ({ seed, tickets: 1, posts: 1, ofContact: 1, deals: 1, owned: true });

test.each(
  groups.map((seeds) => [`${seeds[0]}-${seeds.at(-1)}`, seeds] as const),
)('runs %s under faults end with one ticket, one post and nothing pending', async (_, seeds) => {
  for (const seed of seeds) {
    const { faults, doubleSubmit } = faultPlan(seed);
    await disturb(faults);
    await Promise.all([submitUntilAccepted(seed), ...(doubleSubmit ? [submitUntilAccepted(seed)] : [])]);
    await admin('DELETE', '/faults');
  }
  await settle(system);
  for (const seed of seeds) expect(await endOf(seed)).toEqual(oneOfEach(seed));
});

test.each(
  killSeeds,
)('run %i is killed in the middle, and after the restart ends as if nothing had happened', async (seed) => {
  const { faults, killAfterMs } = faultPlan(seed);
  await disturb(faults.filter(({ service }) => service !== 'slack'));
  const accepted = submit(system, page, visitor(seed)).then(
    ({ status }) => status === 200,
    () => false,
  );
  await pause(killAfterMs);
  await system.stop('SIGKILL');
  const wasAccepted = await accepted;
  system = await startSystem(home);
  client = hubspot(system);
  if (!wasAccepted) await submitUntilAccepted(seed);
  await settle(system);
  expect(await endOf(seed)).toEqual(oneOfEach(seed));
});

test('no message was given up', async () => {
  const response = await fetch(`${system.localUrl}/queues`, { headers: { accept: 'application/json' } });
  const queues = (await response.json()) as {
    name: string;
    visible: number;
    inFlight: number;
    deadLettersOf?: string[];
  }[];
  const deadLetters = queues.filter(({ deadLettersOf }) => deadLettersOf);
  expect(deadLetters.length).toBeGreaterThan(3);
  expect(deadLetters.filter(({ visible, inFlight }) => visible + inFlight > 0)).toEqual([]);
});

test('the table agrees with itself at the end', () => expectVerified(system));
