import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { removeHome, type Started, scratchHome, startSystem } from '../bench/system.ts';
import { type Fault, faultPlan } from '../support/fault-plan.ts';
import { shareOf } from '../support/fault-share.ts';
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
  moveClockTo,
  type Person,
  resultsOf,
  scoreLink,
  sendOf,
} from '../support/survey-story.ts';
import { expectVerified } from '../support/verified.ts';

/** One hundred seeded runs of a wave and its answers, ten of them with a kill -9 and a restart in the middle. */
const killSeeds = shareOf(Array.from({ length: 10 }, (_, n) => 2000 + n));
const groups = shareOf(
  Array.from({ length: 9 }, (_, group) => shareOf(Array.from({ length: 10 }, (_, n) => group * 10 + n))),
);
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
const troubleOf = (seed: number) => faultPlan(seed).faults.filter(({ service }) => service !== 'slack');
/** One kind at a time, or none: together they would be an SES that takes nothing at all. */
function sesTroubleOf(seed: number): Fault[] {
  const trouble = sesTroubles[seed % (sesTroubles.length + 1)];
  return trouble ? [{ ...trouble, seed }] : [];
}

type Run = {
  readonly seed: number;
  readonly people: readonly Person[];
  readonly surveyId: string;
  readonly campaignId: string;
  /** When its wave is due. */
  readonly runAt: string;
};

async function givenRun(seed: number): Promise<Run> {
  const people = await givenPeople(system, `run${seed}`, peopleOfARun);
  const surveyId = await givenSurvey(system, { name: `調査${seed}` });
  const listId = await givenList(system, `名簿${seed}`, people);
  const body = { surveyId, listId, schedule: { cron: '0 9 1 * *', timeZone: 'Asia/Tokyo' } };
  type Made = { id: string; nextRunAt: string };
  const { id, nextRunAt } = await api<Made>(system, 'POST', '/feedback/v1/campaigns', body);
  return { seed, people, surveyId, campaignId: id, runAt: nextRunAt };
}

const disturb = async (faults: readonly Fault[]) => {
  for (const fault of faults) await admin(system, 'POST', '/faults', fault);
};
/** Also after a run that failed, so that it fails alone. */
const calm = () => fetch(`${system.localUrl}/faults`, { method: 'DELETE' });

afterEach(calm);

/** Long enough for what looks after mails that were left behind, too. */
async function settleAll(): Promise<void> {
  await settle(system);
  await admin(system, 'POST', '/clock', { advanceMs: 15 * 60_000 });
  await settle(system);
}

/** The person's browser: sends again while the answer is an error or none, and then once more, as an impatient one does. */
async function answerUntilTaken(mailed: string, score: number): Promise<void> {
  // A system that was started again answers at another port.
  const link = `${system.publicUrl}${new URL(mailed).pathname}`;
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

/** The months of later runs pass for this one, too: it asks nobody again. */
const retire = ({ campaignId }: Run) => api(system, 'DELETE', `/feedback/v1/campaigns/${campaignId}`);

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
  const { recipients = 0, accepted = 0, failed = 0, pending = 0, cancelled = 0, unknown = 0, answered } = ledger;
  expect({ seed, recipients, sum: accepted + failed + pending + cancelled }).toEqual({
    seed,
    recipients: peopleOfARun,
    sum: peopleOfARun,
  });
  // What SES took is accepted; a mail that nobody knows of is said to be unknown, and did not arrive.
  expect({ seed, accepted, pending }).toEqual({ seed, accepted: mails.length, pending: unknown });
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
  await disturb([...seeds.flatMap(troubleOf), ...sesTroubleOf((seeds[0] ?? 0) / seeds.length)]);
  await moveClockTo(system, runs[0]?.runAt);
  await settleAll();
  await calm();
  for (const run of runs) {
    await disturb(troubleOf(run.seed));
    await answerAll(run);
    await calm();
  }
  await settleAll();
  for (const run of runs) await expectWhole(run);
  await Promise.all(runs.map(retire));
});

test.each(
  killSeeds,
)('run %i is killed in the middle of its wave and of its answers, and after the restarts is whole', async (seed) => {
  const run = await givenRun(seed);
  const { killAfterMs } = faultPlan(seed);
  await disturb([...troubleOf(seed), ...sesTroubleOf(seed)]);
  await moveClockTo(system, run.runAt);
  await pause(killAfterMs);
  await system.stop('SIGKILL');
  system = await startSystem(home);
  await settleAll();
  const answering = answerAll(run).catch(() => undefined);
  await pause(killAfterMs / 4);
  await system.stop('SIGKILL');
  await answering;
  system = await startSystem(home);
  await answerAll(run);
  await settleAll();
  await expectWhole(run);
  await retire(run);
});

test('a mail whose answer was lost is settled by what SES tells of it, and is not sent again', async () => {
  const run = await givenRun(3000);
  await admin(system, 'POST', '/faults', { service: 'ses', kind: 'timeoutAfterCommit', rate: 1, count: 3 });
  await moveClockTo(system, run.runAt);
  await settleAll();
  await calm();
  await answerAll(run);
  await settleAll();
  await expectWhole(run);
  await retire(run);
});

test('no message was given up', async () => {
  type Queue = { name: string; visible: number; inFlight: number; deadLettersOf?: string[] };
  const queues = await admin<Queue[]>(system, 'GET', '/queues');
  const deadLetters = queues.filter(({ deadLettersOf }) => deadLettersOf);
  expect(deadLetters.length).toBeGreaterThan(3);
  expect(deadLetters.filter(({ visible, inFlight }) => visible + inFlight > 0)).toEqual([]);
});

test('the table agrees with itself at the end', () => expectVerified(system));
