import { applyRows } from './apply.ts';
import type { Row } from './client.ts';
import { applyOpportunities, applyRoles, opportunityFields, roleFields } from './opportunities.ts';
import { changesQuery, type Window } from './soql.ts';
import type { Position, Source } from './state.ts';
import { fieldsOf, type Sync } from './sync.ts';
import { SalesforceTrouble } from './trouble.ts';

/** Rows become visible seconds after their stamp: each run looks back so far, and what it has seen costs nothing. */
const overlapMs = 300_000;
/** What was stamped since then is read too, but again by the next run, because others with an earlier stamp may still come. */
const marginMs = 5000;
/** Stamps have whole seconds: those of this one are read. */
const aheadMs = 2000;
/** Where the sync stands is saved after a page of so many rows. */
const rowsPerSave = 200;
const lostCursors = 3;

type Reading = {
  readonly position: Position;
  /** Stores how far the reading is; what was read before is stored already. */
  readonly save: (position: Position) => Promise<void>;
};

const isoOf = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString();

/**
 * Reads everything that changed in one of Salesforce's objects, in the order of (SystemModstamp, Id), by Salesforce's own clock. True when
 * it is at the end, false when the time is over; the next run goes on after the last row that was stored.
 */
export async function pullSource(sync: Sync, source: Source, { position, save }: Reading): Promise<boolean> {
  let window: Window = position.window ?? windowSince(position.watermark, Date.now() + sync.client.clockOffsetMs);
  for (let lost = 0; ; lost += 1) {
    try {
      const soql = changesQuery(source, fieldsFor(sync, source), window);
      for await (const page of sync.client.pages(soql, { deleted: true })) {
        await apply(sync, source, page);
        const last = page.at(-1);
        if (last) window = { ...window, after: { stamp: String(last.SystemModstamp), id: last.Id } };
        const stop = sync.outOfTime();
        if (stop || page.length >= rowsPerSave) await save({ ...position, window });
        if (stop) return false;
      }
      await save({ watermark: isoOf(Date.parse(window.to) - aheadMs - marginMs) });
      return true;
    } catch (error) {
      const isLost = error instanceof SalesforceTrouble && error.code === 'INVALID_QUERY_LOCATOR';
      if (!isLost || lost >= lostCursors) throw error;
    }
  }
}

/** From the watermark on; one that lies ahead of Salesforce's clock is of a clock that was set back since. */
const windowSince = (watermark: string | undefined, now: number): Window => ({
  ...(watermark && { from: isoOf(Math.min(Date.parse(watermark), now) - overlapMs) }),
  to: isoOf(now + aheadMs),
});

function fieldsFor(sync: Sync, source: Source): readonly string[] {
  switch (source) {
    case 'Contact':
    case 'Lead':
      return fieldsOf(sync, source);
    case 'Opportunity':
      return opportunityFields;
    case 'OpportunityContactRole':
      return roleFields;
  }
}

function apply(sync: Sync, source: Source, rows: readonly Row[]): Promise<void> {
  switch (source) {
    case 'Contact':
    case 'Lead':
      return applyRows(sync, source, rows);
    case 'Opportunity':
      return applyOpportunities(sync, rows);
    case 'OpportunityContactRole':
      return applyRoles(sync, rows);
  }
}
