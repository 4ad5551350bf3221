import * as z from 'zod/mini';
import type { Recipient } from '../sends/recipient.ts';
import { type Evidence, Hit, judged, type Moments, momentsOf } from './evidence.ts';

const Moment = z.optional(z.string());

/** What was opened and clicked in one mail: the newest hits, and what was found of those before. */
export const MailHits = z.object({
  sendId: z.string(),
  contactId: z.string(),
  version: z.number(),
  hits: z.array(Hit),
  before: z.object({ openedAt: Moment, clickedAt: Moment, scannedAt: Moment }),
});
export type MailHits = z.output<typeof MailHits>;

/** Hits that are kept one by one; what is older cannot be judged anew. */
const mostHits = 50;
const floodMs = 60_000;

/** So many hits within a minute tell nothing more: the next are not written. */
export const isFlooded = ({ hits }: MailHits, at: string): boolean =>
  hits.length >= mostHits && Date.parse(at) - Date.parse(hits[0]?.at ?? at) < floodMs;

export const noHits = (sendId: string, contactId: string): MailHits => ({
  sendId,
  contactId,
  version: 0,
  hits: [],
  before: {},
});

export type Verdict = {
  readonly hits: MailHits;
  /** What shows that the newest hit is a program's. */
  readonly evidence: readonly Evidence[];
  readonly moments: Moments;
  /** Hits that were taken for a person's before. */
  readonly withdrawn: { readonly opens: number; readonly clicks: number; readonly evidence: readonly Evidence[] };
};

/** What is known of a mail after one more hit. */
export function withHit(stored: MailHits, hit: Hit, deliveredAt: string | undefined): Verdict {
  const all = [...stored.hits, hit];
  const evidence = judged(all, deliveredAt);
  const earlier = judged(stored.hits, deliveredAt);
  const kept = all.slice(-mostHits);
  const folded = all.length - kept.length;
  const before = merged(stored.before, momentsOf(all.slice(0, folded), evidence.slice(0, folded)));
  return {
    hits: { ...stored, version: stored.version + 1, hits: kept, before },
    evidence: evidence.at(-1) ?? [],
    moments: merged(before, momentsOf(kept, evidence.slice(folded))),
    withdrawn: takenBack(stored.hits, earlier, evidence),
  };
}

/** What all hits of a mail come to. */
export const momentsNow = ({ hits, before }: MailHits, deliveredAt: string | undefined): Moments =>
  merged(before, momentsOf(hits, judged(hits, deliveredAt)));

/** What is known when the mail's delivery becomes known after it was opened or clicked. */
export function whenDelivered(stored: MailHits, deliveredAt: string): Omit<Verdict, 'hits' | 'evidence'> {
  const { hits } = stored;
  const evidence = judged(hits, deliveredAt);
  return {
    moments: momentsNow(stored, deliveredAt),
    withdrawn: takenBack(hits, judged(hits, undefined), evidence),
  };
}

type Judgement = readonly (readonly Evidence[])[];

function takenBack(hits: readonly Hit[], earlier: Judgement, now: Judgement): Verdict['withdrawn'] {
  const turned = hits.flatMap((hit, position) =>
    earlier[position]?.length === 0 && (now[position] ?? []).length > 0 ? [{ hit, shows: now[position] ?? [] }] : [],
  );
  return {
    opens: turned.filter(({ hit }) => hit.kind === 'OPEN').length,
    clicks: turned.filter(({ hit }) => hit.kind === 'CLICK').length,
    evidence: [...new Set(turned.flatMap(({ shows }) => shows))],
  };
}

const earliest = (one: string | undefined, other: string | undefined) =>
  [one, other].filter((at) => at !== undefined).toSorted()[0];

const merged = (one: Partial<Moments>, other: Moments): Moments => ({
  openedAt: earliest(one.openedAt, other.openedAt),
  clickedAt: earliest(one.clickedAt, other.clickedAt),
  scannedAt: earliest(one.scannedAt, other.scannedAt),
});

/** What a row's moments become. One that no hit has left (SES told of it) stays. */
export function momentsFor(row: Recipient, { hits, before }: MailHits, moments: Moments): Moments {
  const own = new Set([...hits.map(({ at }) => at), before.openedAt, before.clickedAt, before.scannedAt]);
  const next = (name: keyof Moments) => (row[name] !== undefined && !own.has(row[name]) ? row[name] : moments[name]);
  return { openedAt: next('openedAt'), clickedAt: next('clickedAt'), scannedAt: next('scannedAt') };
}
