import * as z from 'zod/mini';

/**
 * What shows that a program looked, and no person: it asked for the head only (`HEAD`), fetched ahead of a person (`PREFETCH`), gave a
 * scanner's name (`AGENT`), followed the link that nobody sees (`TRAP`), took many links at once (`BURST`), or was there before the
 * mail or with it (`FAST`).
 */
export const Evidence = z.enum(['HEAD', 'PREFETCH', 'AGENT', 'TRAP', 'BURST', 'FAST']);
export type Evidence = z.output<typeof Evidence>;

/** One request for a mail's picture, one of its links, or the link that nobody sees. */
export const Hit = z.object({
  kind: z.enum(['OPEN', 'CLICK', 'TRAP']),
  at: z.string(),
  link: z.optional(z.string()),
  /** What the request itself shows. */
  shows: z.optional(z.array(Evidence)),
});
export type Hit = z.output<typeof Hit>;

/** Names that programs of mail security and of previews give themselves. Proxies that fetch pictures for people are not among them. */
const programs =
  /barracuda|proofpoint|mimecast|messagelabs|trend ?micro|fortinet|fortimail|sophos|ironport|forcepoint|zscaler|kaspersky|bitdefender|safelinks|urldefense|link-?check|scanner|slackbot|facebookexternalhit|skypeuripreview|bingpreview|headlesschrome|phantomjs|bot\b|crawler|spider/i;

type Request = { readonly method: string; readonly headers: Readonly<Record<string, string | undefined>> };

/** What a request shows by itself. */
export function shownBy({ method, headers }: Request): Evidence[] {
  const agent = headers['user-agent'] ?? '';
  const purpose = `${headers.purpose ?? ''} ${headers['sec-purpose'] ?? ''} ${headers['x-moz'] ?? ''}`;
  return [
    ...(method === 'HEAD' ? (['HEAD'] as const) : []),
    ...(/prefetch|preview/i.test(purpose) ? (['PREFETCH'] as const) : []),
    ...(programs.test(agent) ? (['AGENT'] as const) : []),
  ];
}

const fastMs = 2000;
const burstMs = 10_000;
const burstLinks = 4;
/** A program that follows every link is done with a mail in this time. */
const trapMs = 60_000;

/**
 * What shows of each hit that it is a program's, judged with all others of the same mail and by when the mail was delivered, as far as that
 * is known. Nobody sees a mail before it has arrived, and nobody has followed two links of it two seconds later.
 */
export function judged(hits: readonly Hit[], deliveredAt: string | undefined): readonly (readonly Evidence[])[] {
  const times = hits.map(({ at }) => Date.parse(at));
  const traps = hits.flatMap(({ kind }, position) => (kind === 'TRAP' ? [times[position] ?? 0] : []));
  const inBurst = bursts(hits, times);
  const fastUntil = fastEnd(hits, times, deliveredAt);
  return hits.map(({ shows = [] }, position) => {
    const time = times[position] ?? 0;
    return [
      ...shows,
      ...(traps.some((trap) => Math.abs(trap - time) <= trapMs) ? (['TRAP'] as const) : []),
      ...(inBurst.has(position) ? (['BURST'] as const) : []),
      ...(fastUntil !== undefined && time < fastUntil ? (['FAST'] as const) : []),
    ];
  });
}

/** Until when a hit is a program's for its haste. */
function fastEnd(hits: readonly Hit[], times: readonly number[], deliveredAt: string | undefined): number | undefined {
  if (deliveredAt === undefined) return undefined;
  const delivered = Date.parse(deliveredAt);
  const links = hits.flatMap(({ kind, link }, position) =>
    kind === 'CLICK' && (times[position] ?? 0) < delivered + fastMs ? [link] : [],
  );
  return new Set(links).size > 1 ? delivered + fastMs : delivered;
}

/** Hits within ten seconds in which four different links were followed. */
function bursts(hits: readonly Hit[], times: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>();
  times.forEach((begin) => {
    const within = hits.flatMap((_, position) => {
      const time = times[position] ?? 0;
      return time >= begin && time < begin + burstMs ? [position] : [];
    });
    const links = new Set(
      within.flatMap((position) => (hits[position]?.kind === 'CLICK' ? [hits[position]?.link] : [])),
    );
    if (links.size >= burstLinks) for (const position of within) found.add(position);
  });
  return found;
}

/** The first opening and the first click by a person, and the first sight of a program. */
export type Moments = {
  readonly openedAt: string | undefined;
  readonly clickedAt: string | undefined;
  readonly scannedAt: string | undefined;
};

export function momentsOf(hits: readonly Hit[], evidence: readonly (readonly Evidence[])[]): Moments {
  const first = (fits: (hit: Hit, isProgram: boolean) => boolean) =>
    hits
      .filter((hit, position) => fits(hit, (evidence[position] ?? []).length > 0))
      .map(({ at }) => at)
      .toSorted()[0];
  return {
    openedAt: first(({ kind }, isProgram) => kind === 'OPEN' && !isProgram),
    clickedAt: first(({ kind }, isProgram) => kind === 'CLICK' && !isProgram),
    scannedAt: first(({ kind }, isProgram) => kind === 'TRAP' || isProgram),
  };
}
