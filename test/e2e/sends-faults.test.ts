import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { removeHome, type Started, scratchHome, startSystem } from '../bench/system.ts';
import { givenEmail } from '../support/emails.ts';
import { faultPlan } from '../support/fault-plan.ts';
import { shareOf } from '../support/fault-share.ts';
import { api } from '../support/landing-page.ts';
import { settle } from '../support/settle.ts';
import {
  admin,
  givenList,
  givenPeople,
  givenSurvey,
  linksIn,
  type Mail,
  mailsTo,
  type Person,
  sendOf,
} from '../support/survey-story.ts';
import { expectVerified } from '../support/verified.ts';

/** Seeded runs of a send to many people; the odd ones are killed with -9 in the middle. */
const seeds = shareOf([3, 1, 2, 4, 5, 6]);
const recipients = 120;
/** When what was left behind is looked after. */
const followUpMs = 15 * 60_000;

const home = scratchHome();
let system: Started;
beforeAll(async () => {
  system = await startSystem(home);
});
afterAll(async () => {
  await system?.stop();
  removeHome(home);
});
afterEach(() => calm());

const calm = () => fetch(`${system.localUrl}/faults`, { method: 'DELETE' });
const ofSes = ['throttle', 'error', 'timeoutAfterCommit'] as const;

async function disturb(seed: number): Promise<void> {
  const others = faultPlan(seed).faults.filter(({ service }) => service !== 'slack');
  const kind = ofSes[seed % ofSes.length];
  for (const fault of [...others, { service: 'ses', kind, rate: 0.3, count: 15, seed }])
    await admin(system, 'POST', '/faults', fault);
}

/** Every second send is one of an e-mail. */
const isEmail = (seed: number) => seed % 4 > 1;

async function begin(seed: number): Promise<{ sendId: string; people: Person[] }> {
  const people = [
    ...(await givenPeople(system, `a${seed}`, recipients / 2)),
    ...(await givenPeople(system, `b${seed}`, recipients / 2)),
  ];
  const listIds = [
    await givenList(system, `宛先${seed}`, people),
    await givenList(system, `重複${seed}`, people.slice(0, 30)),
  ];
  const content = isEmail(seed)
    ? { emailId: await givenEmail(system, `feature${seed}`), subscriptionTypeId: '2' }
    : { surveyId: await givenSurvey(system), subscriptionTypeId: '1' };
  const { id } = await api<{ id: string }>(system, 'POST', '/marketing/v1/sends', {
    ...content,
    audience: { listIds },
  });
  await disturb(seed);
  await api(system, 'POST', `/marketing/v1/sends/${id}/confirm`, {}).catch(() => undefined);
  return { sendId: id, people };
}

/** Whatever the faults did to the first try: a person presses the button again. */
const confirmed = (sendId: string) => api(system, 'POST', `/marketing/v1/sends/${sendId}/confirm`, {});

test.each(seeds)('send %i under faults mails nobody twice and loses nobody', async (seed) => {
  const { sendId, people } = await begin(seed);
  await pause(faultPlan(seed).killAfterMs);
  if (seed % 2 === 1) {
    await system.stop('SIGKILL');
    system = await startSystem(home);
  }
  await settle(system);
  await calm();
  await confirmed(sendId);
  await settle(system);
  await admin(system, 'POST', '/clock', { advanceMs: followUpMs });
  await settle(system);
  const { ledger } = await sendOf(system, sendId);
  const mails = await mailsTo(
    system,
    people.map(({ email }) => email),
  );
  const { accepted = 0, failed = 0, pending = 0, unknown = 0, cancelled = 0 } = ledger;
  expect(new Set(mails.flatMap(({ to }) => to)).size, 'mails a person').toBe(mails.length);
  expect(accepted + failed + pending + cancelled).toBe(ledger.recipients);
  // What is unknown was not sent again; what SES took is at least what it told us of.
  expect({ recipients: ledger.recipients, failed, cancelled, waiting: pending - unknown }).toEqual({
    recipients,
    failed: 0,
    cancelled: 0,
    waiting: 0,
  });
  expect(mails.length).toBeGreaterThanOrEqual(accepted);
  expect(mails.length).toBeLessThanOrEqual(accepted + unknown);
  if (isEmail(seed)) await expectClicks(sendId, mails);
});

/** One reader clicks twice; another's mail is followed by a program. */
async function expectClicks(sendId: string, [first, second]: readonly Mail[]): Promise<void> {
  const linksOf = (mail: Mail | undefined) => linksIn(mail ?? {}).filter((url) => url.includes('/c/'));
  const follow = (url: string) => fetch(url, { redirect: 'manual' });
  const [link = ''] = linksOf(first);
  for (const url of [link, link, ...linksOf(second)]) expect((await follow(url)).status).toBeLessThan(400);
  const { ledger } = await sendOf(system, sendId);
  expect([ledger.clicked, ledger.scanned]).toEqual([1, 1]);
}

test('a small account of SES is not driven beyond its rate', async () => {
  await admin(system, 'POST', '/ses-quota', { maxSendRate: 40 });
  await admin(system, 'POST', '/clock', { advanceMs: 6 * 60_000 });
  await settle(system);
  const people = await givenPeople(system, 'slow', 100);
  const audience = { listIds: [await givenList(system, '少しずつ', people)] };
  const body = { surveyId: await givenSurvey(system), audience, subscriptionTypeId: '1' };
  const { id } = await api<{ id: string }>(system, 'POST', '/marketing/v1/sends', body);
  const begun = performance.now();
  await confirmed(id);
  let status = '';
  while (status !== 'COMPLETED' && performance.now() - begun < 30_000) {
    await pause(50);
    status = (await sendOf(system, id)).status;
  }
  expect((await sendOf(system, id)).ledger).toMatchObject({ recipients: 100, accepted: 100, failed: 0, unknown: 0 });
  expect(performance.now() - begun).toBeGreaterThan(2000);
  await admin(system, 'POST', '/ses-quota', {});
});

test('no message was given up', async () => {
  const queues = await admin<{ name: string; deadLettersOf?: string[]; visible: number }[]>(system, 'GET', '/queues');
  expect(queues.filter(({ deadLettersOf, visible }) => deadLettersOf && visible > 0)).toEqual([]);
});

test('the table agrees with itself at the end', () => expectVerified(system));
