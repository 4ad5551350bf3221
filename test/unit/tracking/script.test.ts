import { gzipSync } from 'node:zlib';
import { decodeTime } from 'ulid';
import { expect, test } from 'vitest';
import script from '../../../lib/browser/track.ts?browser';
import { Hutk } from '../../../lib/tracking/batch.ts';
import {
  hasOptedOut,
  type Jar,
  keepHutk,
  optOut,
  storedHutk,
  widestDomain,
} from '../../../lib/tracking/script/cookie.ts';
import { newHutk, ulid } from '../../../lib/tracking/script/ulid.ts';

/** Cookies as a browser of this host keeps them: none for another site, none for a public suffix. */
function browserOf(host: string): Jar & { readonly last: () => string } {
  const kept = new Map<string, string>();
  const suffixes = ['jp', 'co.jp', 'com', 'github.io'];
  let last = '';
  return {
    read: () => [...kept].map(([name, value]) => `${name}=${value}`).join('; '),
    write: (cookie) => {
      last = cookie;
      const [pair = '', ...attributes] = cookie.split('; ');
      const of = (name: string) => attributes.find((each) => each.startsWith(`${name}=`))?.split('=')[1];
      const domain = of('domain');
      if (domain && (suffixes.includes(domain) || !`.${host}`.endsWith(`.${domain}`))) return;
      const [name = '', value = ''] = pair.split('=');
      if (of('max-age') === '0') kept.delete(name);
      else kept.set(name, value);
    },
    last: () => last,
  };
}

test.each([
  ['www.example.co.jp', 'example.co.jp'],
  ['lp.shop.example.com', 'example.com'],
  ['example.com', 'example.com'],
  ['team.github.io', 'team.github.io'],
  ['localhost', undefined],
  ['127.0.0.1', undefined],
])('the cookie of %s is for %s', (host, domain) => {
  const jar = browserOf(host);
  expect(widestDomain(host, jar)).toBe(domain);
  expect(jar.read()).toBe('');
});

test('an id is kept for 180 days, known again, and gone with a no; a no can be taken back', () => {
  const jar = browserOf('www.example.co.jp');
  const place = { domain: 'example.co.jp', secure: true };
  const hutk = newHutk();
  keepHutk(jar, hutk, place);
  expect(jar.last()).toBe(`hubspotutk=${hutk}; path=/; max-age=15552000; SameSite=Lax; domain=example.co.jp; Secure`);
  expect(storedHutk(jar)).toBe(hutk);
  optOut(jar, place, true);
  expect([storedHutk(jar), hasOptedOut(jar)]).toEqual([undefined, true]);
  optOut(jar, place, false);
  expect(hasOptedOut(jar)).toBe(false);
});

test('a cookie of another shape is none', () => {
  for (const text of ['x', '', 'A'.repeat(32), '0'.repeat(33)])
    expect(storedHutk({ read: () => `hubspotutk=${text}`, write: () => undefined })).toBeUndefined();
});

test('ids are what the server takes, and sort by time', () => {
  const now = Date.parse('2026-11-26T01:02:03.456Z');
  expect(decodeTime(ulid(now))).toBe(now);
  expect(ulid(now)).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  expect(Hutk.safeParse(newHutk()).success).toBe(true);
});

test('the script weighs less than 6 KB gzipped and needs no evaluation of texts', () => {
  const bytes = gzipSync(script).length;
  console.log(`t.js: ${script.length} bytes, ${bytes} gzipped`);
  expect(bytes).toBeLessThan(6 * 1024);
  expect(script).not.toMatch(/\beval\(|new Function/);
});
