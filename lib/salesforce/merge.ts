import type { Rule } from './schema.ts';
import type { Normal } from './value.ts';

export type Side = 'tsunagi' | 'salesforce';

/** What both sides had when they last met. Without it the field was never synced for this pair. */
export type Base = { readonly ours: Normal; readonly salesforce: Normal };

export type FieldState = {
  readonly rule: Rule;
  readonly ours: Normal;
  readonly salesforce: Normal;
  readonly base: Base | undefined;
};

/** The side that is to be written, and the value that it gets; undefined = both stay as they are. */
export type Merged = { readonly write: Side; readonly value: Normal } | undefined;

const intoOurs = ({ salesforce }: FieldState): Merged => ({ write: 'tsunagi', value: salesforce });
const intoSalesforce = ({ ours }: FieldState): Merged => ({ write: 'salesforce', value: ours });

/** Whether both sides have a value of their own that the other never saw: only time can tell which one counts. */
export const needsLatest = (state: FieldState): boolean =>
  state.rule === 'two_way' &&
  state.ours !== state.salesforce &&
  (state.base
    ? state.ours !== state.base.ours && state.salesforce !== state.base.salesforce
    : state.ours !== null && state.salesforce !== null);

/**
 * What one field's rule makes of both values (HubSpot's four rules). `latest` is the side that changed last, asked for only where
 * `needsLatest` says so. "Cleared in Salesforce" is told from "always blank there" by the base: only the former clears ours.
 */
export function mergeField(state: FieldState, latest: Side): Merged {
  const { rule, ours, salesforce, base } = state;
  if (rule === 'none' || ours === salesforce) return undefined;
  if (base && ours === base.ours && salesforce === base.salesforce) return undefined;
  if (rule === 'two_way') return mergeTwoWay(state, latest);
  const cleared = salesforce === null && base !== undefined && base.salesforce !== null;
  if (salesforce !== null || cleared) return intoOurs(state);
  return rule === 'prefer_salesforce' ? intoSalesforce(state) : undefined;
}

function mergeTwoWay(state: FieldState, latest: Side): Merged {
  const { ours, salesforce, base } = state;
  if (needsLatest(state)) return latest === 'salesforce' ? intoOurs(state) : intoSalesforce(state);
  const theirsCounts = base ? salesforce !== base.salesforce : ours === null;
  return theirsCounts ? intoOurs(state) : intoSalesforce(state);
}

/** What is known of both sides once the merged value is where it belongs. */
export const baseAfter = ({ ours, salesforce }: FieldState, merged: Merged): Base => ({
  ours: merged?.write === 'tsunagi' ? merged.value : ours,
  salesforce: merged?.write === 'salesforce' ? merged.value : salesforce,
});
