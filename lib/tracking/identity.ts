import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { readLink, signLink } from '../links/link.ts';
import { hostOf, isTracked } from './hosts.ts';

/** The parameter by which a page learns who clicked. The script takes it out of the address before anything else sees it. */
const identityParameter = '_ts_id';

/** The way from the click to the page; who gets the address later learns nothing and links nothing. */
const goodForMs = 10 * 60_000;

const Claims = z.object({ contact: z.string() });

/**
 * The address with what tells its page who clicked: a signed id, good for ten minutes, and only for hosts whose pages run the script (others
 * would only be made longer). Any other address comes back as it is. One eventually consistent read; needs `secret:link-keys:read`.
 */
export async function withIdentity(app: App, url: string, contactId: string): Promise<string> {
  const host = hostOf(url);
  if (host === undefined || !(await isTracked(app, host))) return url;
  const until = new Date(Date.parse(app.now()) + goodForMs).toISOString();
  const marked = new URL(url);
  marked.searchParams.set(identityParameter, await signLink('visitor', { contact: contactId }, until));
  return marked.href;
}

/** The contact that a page's identity names; undefined when it is forged or too old. */
export async function contactOfIdentity(token: string): Promise<string | undefined> {
  const read = await readLink('visitor', token, Claims);
  return 'claims' in read ? read.claims.contact : undefined;
}
