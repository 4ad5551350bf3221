import type { App } from '../core/app.ts';
import { Reply, type RequestFacts } from '../core/handle.ts';
import { logRetry } from '../core/log.ts';
import { readLink } from '../links/link.ts';
import { nobodysLinkPage, refusedClickPage } from '../pages/click-page.ts';
import { languageOf } from '../pages/layout.ts';
import { withIdentity } from '../tracking/identity.ts';
import { type Evidence, type Hit, shownBy } from './evidence.ts';
import { ClickClaims, OpenClaims } from './links.ts';
import { noteHit } from './store.ts';

/** A transparent pixel. */
const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const uncached = { 'cache-control': 'no-store, private', 'x-robots-tag': 'noindex' };

/** Counts the opening and answers the picture; nothing for a token that is forged or too old. */
export async function showPicture(app: App, token: string, request: RequestFacts): Promise<Reply> {
  const link = await readLink('open', token, OpenClaims);
  if ('refused' in link) return new Reply(204, undefined, uncached);
  await counted(app, link.claims, hitOf(app, request, { kind: 'OPEN' }));
  return new Reply(200, picture, { ...uncached, 'content-type': 'image/gif' });
}

type Asked = { readonly request: RequestFacts; readonly asked: string | undefined };

/**
 * Counts the click and leads on to what the token holds; a page says so of a forged one, and of one that is too old. It writes nothing that
 * the person would have to take back. A count that fails keeps nobody from the page.
 */
export async function leadOn(app: App, token: string, { request, asked }: Asked): Promise<Reply> {
  const language = languageOf(request, asked, 'ja');
  const link = await readLink('click', token, ClickClaims);
  if ('refused' in link) return refusedClickPage(link.refused, language);
  const { url, link: place, contactId } = link.claims;
  const kind = url === undefined ? 'TRAP' : 'CLICK';
  const evidence = await counted(app, link.claims, hitOf(app, request, { kind, link: place }));
  if (url === undefined) return nobodysLinkPage(language);
  const isPerson = evidence !== undefined && evidence.length === 0;
  const location = isPerson ? await identified(app, url, contactId) : url;
  return new Reply(302, undefined, { ...uncached, location });
}

function hitOf(app: App, request: RequestFacts, hit: Pick<Hit, 'kind' | 'link'>): Hit {
  const shows = shownBy(request);
  return { ...hit, at: app.now(), ...(shows.length > 0 && { shows }) };
}

async function counted(app: App, claims: OpenClaims | ClickClaims, hit: Hit): Promise<readonly Evidence[] | undefined> {
  try {
    return await noteHit(app, claims, hit);
  } catch (error) {
    logRetry(error, { function: 'engagement' });
    return undefined;
  }
}

/** The page learns who came where its script runs; otherwise, and when that cannot be read, the address is as it was. */
async function identified(app: App, url: string, contactId: string): Promise<string> {
  try {
    return await withIdentity(app, url, contactId);
  } catch (error) {
    logRetry(error, { function: 'engagement' });
    return url;
  }
}
