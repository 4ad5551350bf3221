import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeHome, type Started, scratchHome, startSystem } from '../bench/system.ts';
import { type Fault, faultPlan } from '../support/fault-plan.ts';
import { api } from '../support/landing-page.ts';
import { settle } from '../support/settle.ts';
import {
  admin,
  answerBy,
  campaignOf,
  givenList,
  givenPeople,
  givenSurvey,
  mailsTo,
  type Person,
  resultsOf,
  scoreLink,
  sendOf,
  toNextWave,
} from '../support/survey-story.ts';
import { eventually } from '../support/wait.ts';

/** One hundred seeded runs of a wave and its answers, ten of them with a kill -9 and a restart in the middle. */
const killSeeds = Array.from({ length: 10 }, (_, n) => 2000 + n);
const groups = Array.from({ length: 9 }, (_, group) => Array.from({ length: 10 }, (_, n) => group * 10 + n));
const peopleOfARun = 3;

const home = scratchHome();
let system: Started;

beforeAll(async () => {
  system = await startSystem(home);
});
afterAll(async () => {
  await system?.stop();
  removeHome(home);
});

/** Slack has no part in it; SES may refuse, be slow, or take a mail and not say so. */
const sesTroubles: readonly Omit<Fault, 'seed'>[] = [
  { service: 'ses', kind: 'throttle', rate: 0.4, count: 10 },
  { service: 'ses', kind: 'error', rate: 0.4, count: 10 },
  { service: 'ses', kind: 'timeoutAfterCommit', rate: 0.3, count: 5 },
];
function troubleOf(seed: number): Fault[] {
  const { faults } = faultPlan(seed);
  const ses = sesTroubles[seed % (sesTroubles.length + 1)];
  return [...faults.filter(({ service }) => service !== 'slack'), ...(ses ? [{ ...ses, seed }] : [])];
}

type Run = {
  readonly seed: number;
  readonly people: readonly Person[];
  readonly surveyId: string;
  readonly campaignId: string;
};

async function givenRun(seed: number): Promise<Run> {
  const people = await givenPeople(system, `run${seed}`, peopleOfARun);
  const surveyId = await givenSurvey(system, { name: `調査${seed}` });
  const listId = await givenList(system, `名簿${seed}`, people);
  const body = { surveyId, listId, schedule: { cron: '0 9 1 * *', timeZone: 'Asia/Tokyo' } };
  const { id } = await api<{ id: string }>(system, 'POST', '/feedback/v1/campaigns', body);
  return { seed, people, surveyId, campaignId: id };
}

const disturb = async (faults: readonly Fault[]) => {
  for (const fault of faults) await admin(system, 'POST', '/faults', fault);
};
const calm = () => fetch(`${system.localUrl}/faults`, { method: 'DELETE' });

/** The person's browser: sends again while the answer is an error or none, and then once more, as an impatient one does. */
async function answerUntilTaken(link: string, score: number): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    const answer = await answerBy(link, { score: String(score) }).catch(() => undefined);
    if (answer?.status === 303) return;
    if (answer && answer.status < 429) throw new Error(`${answer.status} ${await answer.text()}`);
    await pause(50);
  }
  throw new Error(`the answer ${score} was never taken`);
}

async function answerAll({ people, seed }: Run): Promise<void> {
  const mails = await mailsTo(
    system,
    people.map(({ email }) => email),
  );
  await Promise.all(
    mails.flatMap((mail, position) => {
      const link = scoreLink(mail, 0);
      const score = (seed + position) % 11;
      return [answerUntilTaken(link, score), answerUntilTaken(link, score)];
    }),
  );
}

type Associated = { results: { toObjectId: string }[] };

/** Whatever went wrong: one wave, at most one mail a person, sums that add up, one record for each answer. */
async function expectWhole({ seed, people, surveyId, campaignId }: Run): Promise<void> {
  const { waves } = await campaignOf(system, campaignId);
  expect(waves, `run ${seed}`).toHaveLength(1);
  const { ledger } = await sendOf(system, waves[0]?.sendId ?? '');
  const mails = await mailsTo(
    system,
    people.map(({ email }) => email),
  );
  const each = people.map(({ email }) => mails.filter(({ to }) => to.includes(email)).length);
  expect(Math.max(...each), `run ${seed}: mails a person`).toBeLessThanOrEqual(1);
  const { recipients = 0, accepted = 0, failed = 0, pending = 0, cancelled = 0, answered } = ledger;
  expect({ seed, recipients, sum: accepted + failed + pending + cancelled }).toEqual({
    seed,
    recipients: peopleOfARun,
    sum: peopleOfARun,
  });
  expect({ seed, accepted, pending }).toEqual({ seed, accepted: mails.length, pending: 0 });
  const { responses, distribution } = await resultsOf(system, surveyId);
  const records = await Promise.all(
    people.map(({ id }) =>
      api<Associated>(system, 'GET', `/crm/v4/objects/contacts/${id}/associations/feedback_submissions`),
    ),
  );
  const counted = distribution.reduce((sum, { count }) => sum + count, 0);
  expect({ seed, answered, responses, counted, records: records.map(({ results }) => results.length) }).toEqual({
    seed,
    answered: mails.length,
    responses: mails.length,
    counted: mails.length,
    records: each,
  });
}

test.each(
  groups.map((seeds) => [`${seeds[0]}-${seeds.at(-1)}`, seeds] as const),
)('runs %s under faults send each mail at most once and lose and double no answer', async (_, seeds) => {
  const runs: Run[] = [];
  for (const seed of seeds) runs.push(await givenRun(seed));
  const [first] = runs;
  await disturb(seeds.flatMap(troubleOf));
  await toNextWave(system, first?.campaignId ?? '');
  await settle(system);
  await calm();
  for (const run of runs) {
    await disturb(troubleOf(run.seed));
    await answerAll(run);
    await calm();
  }
  await settle(system);
  for (const run of runs) await expectWhole(run);
});

test.each(
  killSeeds,
)('run %i is killed in the middle of its wave and of its answers, and after the restarts is whole', async (seed) => {
  const run = await givenRun(seed);
  const { killAfterMs } = faultPlan(seed);
  await disturb(troubleOf(seed));
  await toNextWave(system, run.campaignId);
  await pause(killAfterMs);
  await system.stop('SIGKILL');
  system = await startSystem(home);
  await settle(system);
  const answering = answerAll(run).catch(() => undefined);
  await pause(killAfterMs / 4);
  await system.stop('SIGKILL');
  await answering;
  system = await startSystem(home);
  await answerAll(run);
  await settle(system);
  await expectWhole(run);
});

test('a mail whose fate nobody knows is shown as unknown, and is not sent again', async () => {
  const run = await givenRun(3000);
  await admin(system, 'POST', '/faults', { service: 'ses', kind: 'timeoutAfterCommit', rate: 1, count: 3 });
  await toNextWave(system, run.campaignId);
  await eventually('the wave', async () => (await campaignOf(system, run.campaignId)).waves.length === 1, 20_000);
  await settle(system);
  await calm();
  await answerAll(run);
  await settle(system);
  await expectWhole(run);
});

test('no message was given up', async () => {
  type Queue = { name: string; visible: number; inFlight: number; deadLettersOf?: string[] };
  const queues = await admin<Queue[]>(system, 'GET', '/queues');
  const deadLetters = queues.filter(({ deadLettersOf }) => deadLettersOf);
  expect(deadLetters.length).toBeGreaterThan(3);
  expect(deadLetters.filter(({ visible, inFlight }) => visible + inFlight > 0)).toEqual([]);
});
