import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRobot } from '../../../lib/tracking/bots.ts';
import { placed } from '../../../lib/tracking/event-id.ts';
import { ulid } from '../../../lib/tracking/script/ulid.ts';
import { seen, united, type Visitor, viewOf, visitsOf } from '../../../lib/tracking/visitor.ts';

const at = (minute: number) => new Date(Date.parse('2026-11-26T00:00:00Z') + minute * 60_000).toISOString();
const referrers = ['', 'https://t.co/a', 'https://www.google.com/', 'https://other.jp/'];
const view = (minute: number, referrer = '') =>
  viewOf({ id: ulid(Date.parse(at(minute))), at: at(minute), url: 'https://lp.jp/', referrer }, []);
const all = (views: readonly ReturnType<typeof view>[]) =>
  views.reduce<Visitor | undefined>((before, each) => seen(before, each, 'c'.repeat(32)), undefined);

test('in whatever order page views come, the first touch is the earliest, the last page the latest, and none is lost', () => {
  const views = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.constantFrom(...referrers)), {
    minLength: 1,
    maxLength: 12,
    selector: ([minute]) => minute,
  });
  fc.assert(
    fc.property(views, (drawn) => {
      const given = drawn.map(([minute, referrer]) => view(minute, referrer));
      const sorted = given.toSorted((one, other) => (one.at < other.at ? -1 : 1));
      expect(all(given)).toMatchObject({
        pageViews: given.length,
        first: { at: sorted[0]?.at, source: sorted[0]?.origin.source },
        lastAt: sorted.at(-1)?.at,
      });
    }),
    { numRuns: 100 },
  );
});

test('a visit lasts until half an hour without a page', () => {
  expect(all([view(0), view(29), view(58)])).toMatchObject({ visits: 1, visitViews: 3 });
  expect(all([view(0), view(30)])).toMatchObject({ visits: 2, visitViews: 1 });
  expect(all([view(0, referrers[1]), view(5, referrers[2]), view(6)])).toMatchObject({
    visits: 2,
    latest: { source: 'ORGANIC_SEARCH' },
  });
});

test('histories add up the same in any order', () => {
  const histories = [[view(10, referrers[1])], [view(5), view(90)], [view(50, referrers[2])]].flatMap((views) => {
    const visitor = all(views);
    return visitor ? [visitsOf(visitor)] : [];
  });
  const sum = united(histories);
  expect(sum).toMatchObject({ pageViews: 4, visits: 4, first: { at: at(5) }, lastAt: at(90) });
  expect(united(histories.toReversed())).toEqual(sum);
  expect(united([])).toBeUndefined();
});

test('a clock that is wrong by more than a day, or ahead, is told by the server; two of its ids never become one', () => {
  const id = ulid(Date.parse(at(0)));
  expect(placed(id, at(60))).toEqual({ id, at: at(0), moved: false });
  expect(placed(id, at(25 * 60))).toMatchObject({ at: at(25 * 60), moved: true });
  expect(placed(id, at(-11))).toMatchObject({ at: at(-11), moved: true });
  const other = `${ulid(Date.parse(at(1))).slice(0, 10)}${id.slice(10)}`;
  expect(placed(id, at(-11)).id.slice(10)).not.toBe(placed(other, at(-11)).id.slice(10));
});

test.each([
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
    false,
  ],
  ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36 Line/15.1.0/IAB', false],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', false],
  ['Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36', false],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', true],
  ['Mozilla/5.0 (compatible; bingbot/2.0)', true],
  ['Y!J-WSC/1.0', true],
  ['Mozilla/5.0 HeadlessChrome/140.0', true],
  ['GPTBot/1.2', true],
  ['python-requests/2.32', true],
  ['', true],
])('%s', (agent, robot) => {
  expect(isRobot({ 'user-agent': agent })).toBe(robot);
});

test('a page that is fetched ahead has no visitor', () => {
  expect(isRobot({ 'user-agent': 'Mozilla/5.0 Chrome/140', 'sec-purpose': 'prefetch;prerender' })).toBe(true);
});
