import type { App } from '../core/app.ts';
import type { CrmRecord } from '../objects/record.ts';
import type { Search } from './compile.ts';
import type { Start } from './cursor.ts';
import { type Evidence, findMatches } from './matches.ts';
import { type Position, positionOf } from './order.ts';
import type { Source } from './sources.ts';

const atOnce = 100;

export type Collected = {
  readonly records: CrmRecord[];
  /** Matches from the beginning up to the end of this page. */
  readonly seen: number;
  readonly skip: number;
  readonly position?: Position;
  /** Whether there may be more: certain unless the work of the request was used up. */
  readonly more: boolean;
};

export type Wanted = {
  readonly search: Search;
  readonly start: Start;
  readonly limit: number;
  readonly evidence: Evidence;
  /** What matches, when all of it was read already. */
  readonly records: ReadonlyMap<string, CrmRecord> | undefined;
};

/** Takes matches from the sources, one after the other, until the page is full and one more is known to follow. */
export async function collect(app: App, wanted: Wanted, sources: readonly Source[]): Promise<Collected> {
  const page = new Page(app, wanted);
  for (const source of sources) {
    if (source.lacking) page.enterTail();
    if (await page.takeFrom(source)) break;
  }
  return page.result();
}

class Page {
  private readonly records: CrmRecord[] = [];
  private skip: number;
  private seen: number;
  private position: Position | undefined;
  private more = false;
  private read = 0;
  private looked = 0;
  private readonly mostRead: number;
  private readonly app: App;
  private readonly wanted: Wanted;

  constructor(app: App, wanted: Wanted) {
    this.app = app;
    this.wanted = wanted;
    this.skip = wanted.start.skip;
    this.seen = wanted.start.seen;
    this.position = wanted.start.position;
    this.mostRead = wanted.search.limits.records + this.skip;
  }

  /** The records without a sort value begin: a page that ends here goes on with the first of them. */
  enterTail(): void {
    if (this.position?.value !== undefined) this.position = { id: '' };
  }

  result(): Collected {
    const { records, seen, skip, position, more } = this;
    return { records, seen, skip, more, ...(position && { position }) };
  }

  /** True when the page is done. */
  async takeFrom(source: Source): Promise<boolean> {
    for (;;) {
      const left = this.wanted.limit - this.records.length;
      const chunk = await source.next(source.exact ? this.skip + left + 1 : atOnce);
      this.looked += chunk.looked;
      if (await this.takeAll(source, chunk.candidates)) return true;
      if (!chunk.at) return false;
      this.position = chunk.at;
      if (this.isSpent()) return true;
    }
  }

  private isSpent(): boolean {
    this.more = this.read >= this.mostRead || this.looked >= this.wanted.search.limits.rows + this.wanted.start.skip;
    return this.more;
  }

  private async takeAll(source: Source, given: readonly Position[]): Promise<boolean> {
    let candidates = given;
    if (source.exact && this.skip > 0) {
      const skipped = Math.min(this.skip, candidates.length);
      this.pass(candidates[skipped - 1], skipped);
      this.skip -= skipped;
      candidates = candidates.slice(skipped);
    }
    while (candidates.length > 0) {
      const left = this.wanted.limit - this.records.length;
      if (source.exact && left === 0) return this.full();
      const some = candidates.slice(0, source.exact ? Math.min(left, atOnce) : atOnce);
      candidates = candidates.slice(some.length);
      if (await this.takeSome(source, some)) return true;
      if (candidates.length > 0 && this.isSpent()) return true;
    }
    return false;
  }

  private async takeSome(source: Source, some: readonly Position[]): Promise<boolean> {
    const { search, evidence, limit, records } = this.wanted;
    const ids = some.map(({ id }) => id);
    const found = records ?? (await findMatches(this.app, search, ids, evidence));
    this.read += some.length;
    for (const candidate of some) {
      const record = found.get(candidate.id);
      const matches = record && stands(record, candidate, source, search);
      if (matches && this.skip === 0 && this.records.length === limit) return this.full();
      this.pass(candidate, matches ? 1 : 0);
      if (!matches) continue;
      if (this.skip > 0) this.skip -= 1;
      else this.records.push(record);
    }
    return false;
  }

  private pass(candidate: Position | undefined, matches: number): void {
    this.position = candidate ?? this.position;
    this.seen += matches;
  }

  private full(): true {
    this.more = true;
    return true;
  }
}

/** A record whose sort value was changed meanwhile stands elsewhere now, and is met there. */
function stands(record: CrmRecord, candidate: Position, source: Source, { sort }: Search): boolean {
  if (!sort) return true;
  const { value } = positionOf(record, sort);
  return value === (source.lacking ? undefined : candidate.value);
}
