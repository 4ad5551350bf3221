/** HubSpot's name, so that its forms and forms that were written for it send the visitor's id along (`context.hutk`). */
const cookieName = 'hubspotutk';
const optOutName = '__ts_opt_out';
const days = 180;

export type Jar = { readonly read: () => string; readonly write: (cookie: string) => void };

/** The value of a cookie; a text that is no such cookie is none. */
const cookieOf = (cookies: string, name: string): string | undefined =>
  cookies
    .split('; ')
    .find((each) => each.indexOf(`${name}=`) === 0)
    ?.slice(name.length + 1);

/** The visitor's id, if the browser has one. */
export function storedHutk(jar: Jar): string | undefined {
  const value = cookieOf(jar.read(), cookieName);
  return value && /^[0-9a-f]{32}$/.test(value) ? value : undefined;
}

/**
 * The widest domain that takes a cookie, so that a site's subdomains share it: browsers refuse one for a public suffix (`co.jp`), which is
 * tried out. Undefined for a host that has none above it (localhost, an address in numbers).
 */
export function widestDomain(host: string, jar: Jar): string | undefined {
  const parts = host.split('.');
  if (parts.length < 2 || /^[\d.]+$/.test(host)) return undefined;
  for (let take = 2; take <= parts.length; take += 1) {
    const domain = parts.slice(-take).join('.');
    jar.write(`__ts_try=1; domain=${domain}; path=/; SameSite=Lax`);
    const taken = cookieOf(jar.read(), '__ts_try') === '1';
    jar.write(`__ts_try=; domain=${domain}; path=/; max-age=0`);
    if (taken) return domain;
  }
  return undefined;
}

export type Place = { readonly domain: string | undefined; readonly secure: boolean };

const attributes = ({ domain, secure }: Place, seconds: number) =>
  `; path=/; max-age=${seconds}; SameSite=Lax${domain ? `; domain=${domain}` : ''}${secure ? '; Secure' : ''}`;

/** Keeps the id for 180 days from now. Safari ends cookies of scripts after 7 days without a visit. */
export const keepHutk = (jar: Jar, hutk: string, place: Place): void =>
  jar.write(`${cookieName}=${hutk}${attributes(place, days * 86_400)}`);

export const hasOptedOut = (jar: Jar): boolean => cookieOf(jar.read(), optOutName) === 'yes';

/** Says no for good (two years), and forgets the id; or takes the no back. */
export function optOut(jar: Jar, place: Place, out: boolean): void {
  jar.write(`${optOutName}=${out ? 'yes' : ''}${attributes(place, out ? 2 * 365 * 86_400 : 0)}`);
  if (out) jar.write(`${cookieName}=${attributes(place, 0)}`);
}
