/// <reference lib="dom" />
import { hasOptedOut, type Jar, keepHutk, optOut, storedHutk, widestDomain } from '../tracking/script/cookie.ts';
import { newHutk, ulid } from '../tracking/script/ulid.ts';

type Call = readonly [string, ...unknown[]];
type Queue = { push: (...calls: Call[]) => void };
type Waiting = { readonly type: string; readonly id: string; readonly [name: string]: unknown };

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

function start(endpoint: string): void {
  const place = { domain: widestDomain(location.hostname, jar), secure: location.protocol === 'https:' };
  let waiting: Waiting[] = [];
  let timer: number | undefined;
  let path: string | undefined;
  let shown: string | undefined;
  let came = document.referrer;
  let identity = takeIdentity();

  const hutk = (): string => {
    const known = storedHutk(jar) ?? newHutk();
    keepHutk(jar, known, place);
    return known;
  };

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!mayTrack()) waiting = [];
    while (waiting.length > 0) {
      const events = waiting.splice(0, 10);
      send(endpoint, JSON.stringify({ hutk: hutk(), ...(identity && { identity }), events }));
      identity = undefined;
    }
  };

  const tell = (type: string, facts: Record<string, unknown>) => {
    if (!mayTrack()) return;
    waiting.push({ type, id: ulid(Date.now()), ...facts });
    timer ??= window.setTimeout(flush, 200);
  };

  const view = () => {
    const url = path === undefined ? location.href : new URL(path, location.href).href;
    shown = url;
    tell('view', { url: url.slice(0, 2000), referrer: came.slice(0, 2000), title: document.title.slice(0, 300) });
    came = url;
  };

  /** Frameworks change the address without a new page, and sometimes twice for one. */
  const moved = () =>
    setTimeout(() => {
      path = undefined;
      if (location.href.split('#')[0] !== shown?.split('#')[0]) view();
    }, 0);

  const calls: Record<string, (argument: never) => void> = {
    trackPageView: view,
    setPath: (to: string) => {
      path = String(to);
    },
    setReferrer: (from: string) => {
      came = String(from);
    },
    identify: ({ email, token }: { email?: unknown; token?: unknown }) => {
      if (typeof token === 'string') identity = token;
      if (typeof email === 'string' || token) tell('identify', { email: String(email ?? '').slice(0, 254) });
    },
    trackCustomBehavioralEvent: ({ name, properties }: { name: unknown; properties?: Record<string, unknown> }) =>
      tell('event', { name: String(name), properties: properties ?? {} }),
    doNotTrack: (options?: { track?: boolean }) => {
      optOut(jar, place, !options?.track);
      if (!options?.track) waiting = [];
    },
  };
  const run = ([name, ...rest]: Call) => (calls[name] as ((argument: unknown) => void) | undefined)?.(rest[0]);
  const guarded = (call: Call) => {
    try {
      run(call);
    } catch {
      // A page's mistake in a call must not stop the page.
    }
  };
  const early = queueNames.flatMap((name) => (Array.isArray(page[name]) ? (page[name] as Call[]) : []));
  const queue: Queue = { push: (...given) => given.forEach(guarded) };
  for (const name of queueNames) page[name] = queue;

  // What a page says before its first view (its path, that it must not be tracked) holds for the view.
  const first = early.filter(([name]) => name !== 'trackPageView');
  first.filter(([name]) => /^(set|doNotTrack)/.test(name)).forEach(guarded);
  view();
  first.filter(([name]) => !/^(set|doNotTrack)/.test(name)).forEach(guarded);
  for (const method of ['pushState', 'replaceState'] as const) {
    const original = history[method];
    history[method] = function (this: History, ...given: Parameters<History['pushState']>) {
      original.apply(this, given);
      moved();
    };
  }
  addEventListener('popstate', moved);
  addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') flush();
  });
}

/** Text, so that no preflight is made; a beacon outlives the page. */
function send(endpoint: string, body: string): void {
  const sent = navigator.sendBeacon?.(endpoint, body);
  if (!sent)
    fetch(endpoint, { method: 'POST', body, mode: 'no-cors', credentials: 'omit', keepalive: true }).catch(() => {
      // Nobody is there to be told: the view is lost, the page goes on.
    });
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

if (here?.src && !page.__tsunagi) {
  page.__tsunagi = true;
  const begin = () => start(new URL('collect', here.src).href);
  // A page that is made ready before anybody asked for it has no visitor yet.
  if ((document as Document & { prerendering?: boolean }).prerendering)
    document.addEventListener('prerenderingchange', begin, { once: true });
  else begin();
}
