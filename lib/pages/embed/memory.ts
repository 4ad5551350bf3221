import { storedHutk } from '../../tracking/script/cookie.ts';

const key = 'tsunagi-known';

/** What the server gave this browser to remember which fields it sent; storage may be switched off. */
export function knownToken(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(token: string): void {
  try {
    localStorage.setItem(key, token);
  } catch {
    // Then the visitor is asked the same again.
  }
}

/** The tracking cookie, where the page has one. */
export const hutk = (): string => storedHutk({ read: () => document.cookie, write: () => undefined }) ?? '';
