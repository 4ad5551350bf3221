import { expect, test } from 'vitest';
import { type Hit, shownBy } from '../../../lib/engagement/evidence.ts';
import { type MailHits, noHits, whenDelivered, withHit } from '../../../lib/engagement/mail-hits.ts';

const begin = Date.parse('2026-12-01T01:00:00.000Z');
const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString();
const click = (seconds: number, link = '1', shows?: Hit['shows']): Hit => ({
  kind: 'CLICK',
  at: at(seconds),
  link,
  ...(shows && { shows }),
});

/** What is known after all of these. */
function after(hits: readonly Hit[], deliveredAt?: string) {
  let stored: MailHits = noHits('s', 'c');
  const evidence: (readonly string[])[] = [];
  const withdrawn = { opens: 0, clicks: 0 };
  let moments = {};
  for (const hit of hits) {
    const verdict = withHit(stored, hit, deliveredAt);
    stored = verdict.hits;
    moments = verdict.moments;
    evidence.push(verdict.evidence);
    withdrawn.opens += verdict.withdrawn.opens;
    withdrawn.clicks += verdict.withdrawn.clicks;
  }
  return { stored, moments, evidence, withdrawn };
}

test('a person who reads and clicks now and then is no program', () => {
  const { moments, evidence } = after(
    [{ kind: 'OPEN', at: at(60) }, click(75), click(80, '2'), click(200, '3')],
    at(0),
  );
  expect(evidence).toEqual([[], [], [], []]);
  expect(moments).toEqual({ openedAt: at(60), clickedAt: at(75), scannedAt: undefined });
});

test('who follows four links within ten seconds is a program, and what counted as clicks before is taken back', () => {
  const { moments, evidence, withdrawn } = after([click(1), click(2, '2'), click(3, '3'), click(4, '4')]);
  expect(evidence).toEqual([[], [], [], ['BURST']]);
  expect(withdrawn).toEqual({ opens: 0, clicks: 3 });
  expect(moments).toEqual({ openedAt: undefined, clickedAt: undefined, scannedAt: at(1) });
});

test('the link that nobody sees marks what happened in the minute around it, and no later click', () => {
  const hits: Hit[] = [
    click(1),
    { kind: 'TRAP', at: at(5), link: '0' },
    { kind: 'OPEN', at: at(30) },
    click(3600, '2'),
  ];
  const { moments, evidence, withdrawn } = after(hits);
  expect(evidence).toEqual([[], ['TRAP'], ['TRAP'], []]);
  expect(withdrawn).toEqual({ opens: 0, clicks: 1 });
  expect(moments).toEqual({ openedAt: undefined, clickedAt: at(3600), scannedAt: at(1) });
});

test('nobody clicks before the mail has arrived; with news of it that comes late, the click is taken back', () => {
  const early = after([click(-1)]);
  expect(early.moments).toMatchObject({ clickedAt: at(-1) });
  expect(whenDelivered(early.stored, at(0))).toEqual({
    moments: { openedAt: undefined, clickedAt: undefined, scannedAt: at(-1) },
    withdrawn: { opens: 0, clicks: 1, evidence: ['FAST'] },
  });
});

test('one click a second after the delivery may be a quick person; two links by then are a program', () => {
  expect(after([click(1)], at(0)).evidence).toEqual([[]]);
  const two = after([click(0.5), click(1, '2')], at(0));
  expect(two.evidence).toEqual([[], ['FAST']]);
  expect(two.withdrawn.clicks).toBe(1);
});

test('older hits are folded and still count', () => {
  const many = Array.from({ length: 120 }, (_, n) => click(n * 100, String(n % 3)));
  const { stored, moments } = after(many);
  expect(stored.hits).toHaveLength(50);
  expect(moments).toMatchObject({ clickedAt: at(0) });
});

test.each([
  ['HEAD', { 'user-agent': 'Mozilla/5.0' }, ['HEAD']],
  ['GET', { 'user-agent': 'Mozilla/5.0 (compatible; Barracuda Sentinel)' }, ['AGENT']],
  ['GET', { 'user-agent': 'Mozilla/5.0', 'sec-purpose': 'prefetch;prerender' }, ['PREFETCH']],
  ['GET', { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/604.1' }, []],
  ['GET', { 'user-agent': 'Mozilla/5.0 (Windows NT 5.1) GoogleImageProxy' }, []],
  ['GET', {}, []],
] as const)('a request by %s with %j shows %j', (method, headers, shows) => {
  expect(shownBy({ method, headers })).toEqual(shows);
});
