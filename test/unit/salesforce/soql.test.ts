import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesQuery, inQueries, inUrl, quoted } from '../../../lib/salesforce/soql.ts';

test('a text that wants out of its quotes stays in them', () => {
  expect(quoted("O'Brien\\' OR Name != '\n")).toBe("'O\\'Brien\\\\\\' OR Name != \\'\\n'");
  fc.assert(
    fc.property(fc.string(), (text) => {
      const inside = quoted(text).slice(1, -1);
      expect(inside.replaceAll(/\\./g, '')).not.toMatch(/['\\]/);
    }),
  );
});

test('a window is read from its beginning, and from the last row that was stored on', () => {
  const to = '2026-11-22T04:00:07.000Z';
  expect(changesQuery('Lead', ['Id'], { to, from: '2026-11-22T03:50:00.000Z' })).toBe(
    'SELECT Id FROM Lead WHERE SystemModstamp < 2026-11-22T04:00:07Z AND SystemModstamp >= 2026-11-22T03:50:00Z ORDER BY SystemModstamp, Id',
  );
  const after = { stamp: '2026-11-22T03:55:00.000+0000', id: '00Q5g000001AbCdEAK' };
  expect(changesQuery('Lead', ['Id'], { to, after })).toContain(
    "(SystemModstamp > 2026-11-22T03:55:00Z OR (SystemModstamp = 2026-11-22T03:55:00Z AND Id > '00Q5g000001AbCdEAK'))",
  );
});

test('all values are asked for, once each, in queries that a URL of 16 KB carries', () => {
  const addresses = Array.from({ length: 2000 }, (_, position) => `person+${position}.田中@example.co.jp`);
  const queries = inQueries([...addresses, ...addresses], (list) => `SELECT Id FROM Lead WHERE Email IN (${list})`);
  for (const query of queries) expect(inUrl(query).length).toBeLessThan(15_000);
  const asked = queries.flatMap((query) => [...query.matchAll(/'([^']+)'/g)].map(([, address]) => address));
  expect(asked).toEqual(addresses);
  expect(inQueries([], (list) => list)).toEqual([]);
});

test('the query of a URL is read as it was written', () => {
  const soql = "SELECT Id FROM Lead WHERE Email IN ('a+b@example.co.jp','田中 100%&=#?')";
  expect(new URLSearchParams(`q=${inUrl(soql)}`).get('q')).toBe(soql);
});
