/// <reference lib="dom" />
import { type Jar, keepHutk, type Place, storedHutk } from './cookie.ts';
import { newHutk, ulid } from './ulid.ts';

type Waiting = { readonly type: string; readonly id: string; readonly [name: string]: unknown };

export type Sender = {
  /** Lets a thing go with the others of the next moment. */
  readonly tell: (type: string, facts: Readonly<Record<string, unknown>>) => void;
  /** Sends a proof of who the visitor is along with what goes next; the last one given counts, and goes once. */
  readonly prove: (identity: string) => void;
  readonly flush: () => void;
  /** Forgets what waits. */
  readonly clear: () => void;
};

type Facts = {
  readonly endpoint: string;
  readonly jar: Jar;
  readonly place: Place;
  readonly mayTrack: () => boolean;
  /** Told once. */
  readonly identity: string | undefined;
};

const waitsMs = 200;
const mostOfBatch = 10;

/** Sends what a page tells, a few things at a time, with the visitor's id, which is kept for another 180 days each time. */
export function newSender({ endpoint, jar, place, mayTrack, identity }: Facts): Sender {
  let waiting: Waiting[] = [];
  let timer: number | undefined;
  let untold = identity;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!mayTrack()) waiting = [];
    while (waiting.length > 0) {
      const hutk = storedHutk(jar) ?? newHutk();
      keepHutk(jar, hutk, place);
      const events = waiting.splice(0, mostOfBatch);
      post(endpoint, JSON.stringify({ hutk, ...(untold && { identity: untold }), events }));
      untold = undefined;
    }
  };
  const tell: Sender['tell'] = (type, facts) => {
    if (!mayTrack()) return;
    waiting.push({ type, id: ulid(Date.now()), ...facts });
    timer ??= window.setTimeout(flush, waitsMs);
  };
  const clear = () => {
    waiting = [];
  };
  const prove = (proof: string) => {
    untold = proof;
  };
  return { tell, prove, flush, clear };
}

/** Text, so that no preflight is made; a beacon outlives the page. */
function post(endpoint: string, body: string): void {
  const sent = navigator.sendBeacon?.(endpoint, body);
  if (!sent)
    fetch(endpoint, { method: 'POST', body, mode: 'no-cors', credentials: 'omit', keepalive: true }).catch(() => {
      // Nobody is there to be told: the view is lost, the page goes on.
    });
}
