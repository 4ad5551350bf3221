import { expect, test } from 'vitest';
import { placeOfContact, placeOfDeal } from '../../../lib/attribution/place.ts';
import { rangesOf } from '../../../lib/attribution/query.ts';

const record = (objectType: string, id: string, properties: Record<string, string>, more = {}) => ({
  objectType,
  id,
  properties,
  version: 1,
  createdAt: '2026-03-01T00:00:00.000Z',
  updatedAt: '2026-03-01T00:00:00.000Z',
  ...more,
});
const contact = (properties: Record<string, string>, id = '1', more = {}) => record('0-1', id, properties, more);

test('a contact counts on the day in Japan of its first visit, or of its creation', () => {
  expect(placeOfContact(contact({ hs_analytics_first_timestamp: '2026-01-31T15:00:00.000Z' }))?.day).toBe('2026-02-01');
  expect(placeOfContact(contact({}))?.day).toBe('2026-03-01');
  expect(placeOfContact(contact({}, '1', { archivedAt: '2026-03-02T00:00:00.000Z' }))).toBeUndefined();
  expect(placeOfContact(undefined)).toBeUndefined();
});

test.each([
  ['', 0, 0, 0],
  ['subscriber', 0, 0, 0],
  ['lead', 1, 0, 0],
  ['marketingqualifiedlead', 1, 0, 0],
  ['opportunity', 1, 1, 0],
  ['customer', 1, 1, 1],
  ['evangelist', 1, 1, 1],
  ['other', 0, 0, 0],
])('who is at %s has been at the stages before', (lifecyclestage, leads, opportunities, customers) => {
  expect(placeOfContact(contact({ lifecyclestage }))?.figures).toMatchObject({
    firstTouch: 1,
    leads,
    opportunities,
    customers,
  });
});

test('the amount of a won deal counts once, with the contact who was attracted first', () => {
  const deal = (properties: Record<string, string>) =>
    record('0-3', '9', { hs_is_closed_won: 'true', amount: '10.5', ...properties });
  const early = contact(
    { hs_analytics_source: 'REFERRALS', hs_analytics_first_timestamp: '2026-01-01T00:00:00.000Z' },
    '2',
  );
  const late = contact(
    { hs_analytics_source: 'PAID_SEARCH', hs_analytics_first_timestamp: '2026-02-01T00:00:00.000Z' },
    '1',
  );
  expect(placeOfDeal(deal({}), [late, early])).toMatchObject({
    day: '2026-01-01',
    keys: { source: 'REFERRALS' },
    figures: { deals: 1, whole: 10, micro: 500_000, firstTouch: 0 },
  });
  expect(placeOfDeal(deal({}), [late, { ...early, archivedAt: 'x' }])?.keys.source).toBe('PAID_SEARCH');
  for (const none of [deal({ hs_is_closed_won: 'false' }), deal({ amount: '' }), undefined])
    expect(placeOfDeal(none, [early])).toBeUndefined();
  expect(placeOfDeal(deal({}), [])).toBeUndefined();
});

test.each([
  ['2026-02-03', '2026-02-20', ['day 2026-02-03 2026-02-20']],
  ['2026-02-01', '2026-02-28', ['month 2026-02 2026-02']],
  ['2026-01-31', '2026-03-01', ['day 2026-01-31 2026-01-31', 'month 2026-02 2026-02', 'day 2026-03-01 2026-03-01']],
  ['2026-01-01', '2026-12-31', ['month 2026-01 2026-12']],
  ['2025-12-15', '2026-01-14', ['day 2025-12-15 2026-01-14']],
  ['2026-01-31', '2026-01-31', ['day 2026-01-31 2026-01-31']],
])('%s to %s is read by %j', (from, to, expected) => {
  expect(rangesOf(from, to).map(({ unit, from, to }) => `${unit} ${from} ${to}`)).toEqual(expected);
});
