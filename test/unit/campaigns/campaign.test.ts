import { expect, test } from 'vitest';
import {
  archivedCampaign,
  awaits,
  firedCampaign,
  newCampaign,
  patchedCampaign,
} from '../../../lib/campaigns/campaign.ts';
import type { CampaignInput } from '../../../lib/campaigns/schema.ts';

const now = '2026-11-22T04:00:00.000Z';
const input: CampaignInput = {
  surveyId: '1',
  listId: '2',
  schedule: { cron: '0 9 1 * *', timeZone: 'Asia/Tokyo' },
  subscriptionTypeId: '1',
  active: true,
};
const campaign = newCampaign(input, { id: '3', now, surveyName: '四半期NPS' });
const december = '2026-12-01T00:00:00.000Z';

test('a new campaign is named after its survey and waits for the first time of its schedule', () => {
  expect(campaign).toMatchObject({ name: '四半期NPS', nextRunAt: december, waves: [], version: 1 });
  expect(newCampaign({ ...input, active: false }, { id: '3', now, surveyName: 'x' }).nextRunAt).toBeUndefined();
});

test('a wave is remembered, and the next time follows', () => {
  const fired = firedCampaign(campaign, { now: '2026-12-01T00:00:30.000Z', sendId: '9' });
  expect(fired).toMatchObject({
    nextRunAt: '2027-01-01T00:00:00.000Z',
    waves: [{ dueAt: december, firedAt: '2026-12-01T00:00:30.000Z', sendId: '9' }],
    version: 2,
  });
});

test('after a long outage one wave makes up for all that were missed', () => {
  const fired = firedCampaign(campaign, { now: '2027-03-15T00:00:00.000Z', sendId: '9' });
  expect(fired.nextRunAt).toBe('2027-04-01T00:00:00.000Z');
  expect(fired.waves).toHaveLength(1);
});

test('a clock that is a moment behind does not fire the same time again', () => {
  expect(firedCampaign(campaign, { now: '2026-11-30T23:59:59.000Z', sendId: '9' }).nextRunAt).toBe(
    '2027-01-01T00:00:00.000Z',
  );
});

test('only the wave that the campaign waits for goes out', () => {
  expect(awaits(campaign, december)).toBe(true);
  expect(awaits(campaign, '2027-01-01T00:00:00.000Z')).toBe(false);
  expect(awaits(undefined, december)).toBe(false);
  expect(awaits(patchedCampaign(campaign, { active: false }, now), december)).toBe(false);
  expect(awaits(archivedCampaign(campaign, now), december)).toBe(false);
  const moved = patchedCampaign(campaign, { schedule: { cron: '0 10 1 * *', timeZone: 'Asia/Tokyo' } }, now);
  expect(awaits(moved, december)).toBe(false);
  expect(awaits(moved, '2026-12-01T01:00:00.000Z')).toBe(true);
});

test('a change of other parts keeps the time, and a pause does not make up for what passed', () => {
  expect(patchedCampaign(campaign, { name: '別名', cooldownDays: 30 }, now).nextRunAt).toBe(december);
  const paused = patchedCampaign(campaign, { active: false }, now);
  expect(paused.nextRunAt).toBeUndefined();
  expect(patchedCampaign(paused, { active: true }, '2027-02-10T00:00:00.000Z').nextRunAt).toBe(
    '2027-03-01T00:00:00.000Z',
  );
});

test('the last hundred waves are kept', () => {
  let running = campaign;
  for (let n = 0; n < 105; n += 1)
    running = firedCampaign(running, { now: running.nextRunAt ?? now, sendId: String(n) });
  expect(running.waves).toHaveLength(100);
  expect(running.waves[0]?.sendId).toBe('104');
});
