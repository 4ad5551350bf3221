/// <reference lib="dom" />
import { hasOptedOut, type Jar, optOut, type Place, widestDomain } from '../tracking/script/cookie.ts';
import { newPages, type Pages } from '../tracking/script/pages.ts';
import { newSender, type Sender } from '../tracking/script/sender.ts';

type Call = readonly [string, ...unknown[]];
type Calls = Readonly<Record<string, (argument: never) => void>>;

/** Names under which pages hand calls over: HubSpot's, and our own. */
const queueNames = ['_hsq', '_tsq'] as const;
const identityParameter = '_ts_id';
const page = window as unknown as Record<string, unknown>;
const here = document.currentScript as HTMLScriptElement | null;

const jar: Jar = {
  read: () => document.cookie,
  write: (cookie) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
    document.cookie = cookie;
  },
};

/** Who asks not to be tracked by the browser (Do Not Track, Global Privacy Control) or on the site is not; programs that drive a browser neither. */
function mayTrack(): boolean {
  const { doNotTrack, globalPrivacyControl, webdriver } = navigator as Navigator & { globalPrivacyControl?: boolean };
  return doNotTrack !== '1' && !globalPrivacyControl && !webdriver && !hasOptedOut(jar);
}

/** What a mail's link told of the visitor; it is gone from the address before anything else can pass it on. */
function takeIdentity(): string | undefined {
  const url = new URL(location.href);
  const token = url.searchParams.get(identityParameter);
  if (token === null) return undefined;
  url.searchParams.delete(identityParameter);
  history.replaceState(history.state, '', url.href);
  return token;
}

const callsOf = ({ tell, prove, clear }: Sender, { view, setPath, setReferrer }: Pages, place: Place): Calls => ({
  trackPageView: view,
  setPath,
  setReferrer,
  identify: ({ email, token }: { email?: unknown; token?: unknown }) => {
    if (typeof token === 'string') prove(token);
    if (typeof email === 'string' || token) tell('identify', { email: String(email ?? '').slice(0, 254) });
  },
  trackCustomBehavioralEvent: ({ name, properties }: { name: unknown; properties?: Record<string, unknown> }) =>
    tell('event', { name: String(name), properties: properties ?? {} }),
  doNotTrack: (options?: { track?: boolean }) => {
    optOut(jar, place, !options?.track);
    if (!options?.track) clear();
  },
});

/** A page's mistake in a call must not stop the page. */
function guarded(calls: Calls, [name, argument]: Call): void {
  try {
    (calls[name] as ((argument: unknown) => void) | undefined)?.(argument);
  } catch {
    // It is the page's mistake; its console has nothing to say to the visitor.
  }
}

function start(endpoint: string): void {
  const place = { domain: widestDomain(location.hostname, jar), secure: location.protocol === 'https:' };
  const sender = newSender({ endpoint, jar, place, mayTrack, identity: takeIdentity() });
  const pages = newPages(sender);
  const calls = callsOf(sender, pages, place);
  const run = (...given: Call[]) => {
    for (const call of given) guarded(calls, call);
  };
  const early = queueNames.flatMap((name) => (Array.isArray(page[name]) ? (page[name] as Call[]) : []));
  for (const name of queueNames) page[name] = { push: run };
  // What a page says before its first view (its path, that it must not be tracked) holds for the view.
  const prepares = ([name]: Call) => /^(set|doNotTrack)/.test(name);
  run(...early.filter(prepares));
  pages.view();
  run(...early.filter((call) => !prepares(call) && call[0] !== 'trackPageView'));
  pages.follow();
  addEventListener('pagehide', sender.flush);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') sender.flush();
  });
}

if (here?.src && !page.__tsunagi) {
  page.__tsunagi = true;
  const begin = () => start(new URL('collect', here.src).href);
  // A page that is made ready before anybody asked for it has no visitor yet.
  if ((document as Document & { prerendering?: boolean }).prerendering)
    document.addEventListener('prerenderingchange', begin, { once: true });
  else begin();
}
