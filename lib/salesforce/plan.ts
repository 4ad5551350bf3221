import type { Explain } from '../../events/define.ts';
import type { Row } from './client.ts';
import type { Link } from './link.ts';
import { type Base, baseAfter, type FieldState, mergeField, needsLatest, type Side } from './merge.ts';
import type { Sobject, StoredMapping } from './schema.ts';
import { type Normal, normalise, toSalesforce } from './value.ts';

type Known = Pick<Link, 'base' | 'fallbacks'>;
type Mapped = { readonly mapping: StoredMapping; readonly state: FieldState };
type Properties = Readonly<Record<string, string>>;

/** What is to become of one person's fields, on both sides. */
export type Plan = {
  /** By property; null clears. */
  readonly intoOurs: Readonly<Record<string, Normal>>;
  /** By Salesforce field. */
  readonly intoSalesforce: Readonly<Record<string, Normal>>;
  /** What both sides have in common once ours is written; what is still to be sent to Salesforce is not in it. */
  readonly base: Readonly<Record<string, Base>>;
  readonly explainOurs: Explain;
  readonly explainSalesforce: Explain;
};

export const mappingsFor = (mappings: readonly StoredMapping[], sobject: Sobject): StoredMapping[] =>
  mappings.filter(({ rule, sobjects }) => rule !== 'none' && sobjects.includes(sobject));

/** Both sides of each mapped field, in the spelling in which they are compared. */
export const statesOf = (
  mappings: readonly StoredMapping[],
  { row, properties, link }: { row: Row; properties: Properties; link: Known | undefined },
): Mapped[] =>
  mappings.map((mapping) => {
    const { field, kind, property, rule } = mapping;
    const theirs = normalise(kind, row[field]);
    const state = {
      rule,
      ours: normalise(kind, properties[property]),
      salesforce: theirs !== null && theirs === link?.fallbacks[field] ? null : theirs,
      base: link?.base[field],
    };
    return { mapping, state };
  });

/** Whether Salesforce's side of every mapped field is as it was seen last: nothing is to be written or even read. */
export const isUnchangedThere = (mappings: readonly StoredMapping[], row: Row, link: Known): boolean =>
  statesOf(mappings, { row, properties: {}, link }).every(
    ({ state }) => state.base !== undefined && state.salesforce === state.base.salesforce,
  );

/** Whether our side of every mapped field is as it was at the last sync. */
export const isUnchangedHere = (mappings: readonly StoredMapping[], properties: Properties, link: Known): boolean =>
  mappings.every(({ field, kind, property }) => {
    const base = link.base[field];
    return base !== undefined && normalise(kind, properties[property]) === base.ours;
  });

/** The mappings whose both sides changed on their own, for which the time of the changes decides. */
export const contested = (states: readonly Mapped[]): Mapped[] => states.filter(({ state }) => needsLatest(state));

/** Merges all fields of a person. `latest` has the side that changed last for each contested property. */
export function planPerson(states: readonly Mapped[], latest: ReadonlyMap<string, Side> = new Map()): Plan {
  const intoOurs: Record<string, Normal> = {};
  const intoSalesforce: Record<string, Normal> = {};
  const base: Record<string, Base> = {};
  const explainOurs: Explain = {};
  const explainSalesforce: Explain = {};
  for (const { mapping, state } of states) {
    const { field, property, rule } = mapping;
    const merged = mergeField(state, latest.get(property) ?? 'salesforce');
    if (merged?.write === 'salesforce') {
      intoSalesforce[field] = merged.value;
      if (state.base) base[field] = state.base;
      explainSalesforce[property] = explained(rule, 'tsunagi', state.ours, state.salesforce);
      continue;
    }
    base[field] = baseAfter(state, merged);
    if (merged) {
      intoOurs[property] = merged.value;
      explainOurs[property] = explained(rule, 'salesforce', state.salesforce, state.ours);
    }
  }
  return { intoOurs, intoSalesforce, base, explainOurs, explainSalesforce };
}

const explained = (rule: string, side: Side, winner: Normal, loser: Normal): Explain[string] => ({
  rule,
  winner: { side, value: winner },
  loser: { side: side === 'tsunagi' ? 'salesforce' : 'tsunagi', value: loser },
});

/** The property that a field which Salesforce demands is filled from. */
const demanded: Readonly<Record<Sobject, Readonly<Record<string, string>>>> = {
  Contact: { LastName: 'lastname' },
  Lead: { LastName: 'lastname', Company: 'company' },
};
const noLastName = '(姓なし)';
const noCompany = '(会社名なし)';

/** What is sent for a person, and which of it stands in for a value that we do not have. */
export type Sent = {
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
  readonly fallbacks: Readonly<Record<string, string>>;
  /** The real values among it, as they are compared. */
  readonly values: Readonly<Record<string, Normal>>;
};

type Facts = {
  readonly sobject: Sobject;
  readonly mappings: readonly StoredMapping[];
  readonly properties: Properties;
  readonly companyName?: string | undefined;
};

/** The fields of a change. Salesforce demands some values: where ours is blank, a stand-in is sent that never comes back. */
export function sentFor(values: Readonly<Record<string, Normal>>, facts: Facts): Sent {
  const kinds = new Map(facts.mappings.map(({ field, kind }) => [field, kind]));
  const fields: Record<string, string | number | boolean | null> = {};
  const fallbacks: Record<string, string> = {};
  for (const [field, value] of Object.entries(values)) {
    fields[field] = toSalesforce(kinds.get(field) ?? 'text', value);
    if (value !== null || !(field in demanded[facts.sobject])) continue;
    const standIn = standInFor(field, facts);
    fields[field] = standIn;
    fallbacks[field] = standIn;
  }
  return { fields, fallbacks, values };
}

function standInFor(field: string, { properties, companyName }: Facts): string {
  if (field === 'Company') return companyName || noCompany;
  return normalise('email', properties.email)?.split('@')[0] || noLastName;
}

/** The fields of a record that is made in Salesforce: what the rules let us send, and what Salesforce demands in any case. */
export function sentForNew(facts: Facts): Sent {
  const values: Record<string, Normal> = {};
  for (const { field, kind, property, rule } of facts.mappings) {
    const value = normalise(kind, facts.properties[property]);
    if (value !== null && rule !== 'always_salesforce') values[field] = value;
  }
  for (const [field, property] of Object.entries(demanded[facts.sobject]))
    values[field] ??= normalise('text', facts.properties[property]);
  return sentFor(values, facts);
}

/** Whether a new record of this kind would lack a company name of its own. */
export const needsCompany = (
  sobject: Sobject,
  values: Readonly<Record<string, Normal>>,
  properties: Properties,
): boolean =>
  sobject === 'Lead' &&
  ('Company' in values ? values.Company === null : normalise('text', properties.company) === null);

/** What is known of both sides after Salesforce took what was sent. */
export function linkAfterSent<L extends Known>(link: L, { values, fallbacks }: Sent, facts: Facts): L {
  const base = { ...link.base };
  const kept = { ...link.fallbacks };
  for (const { field, kind, property } of facts.mappings) {
    const ours = normalise(kind, facts.properties[property]);
    if (!(field in values)) {
      base[field] ??= { ours, salesforce: null };
      continue;
    }
    const value = values[field] ?? null;
    base[field] = { ours: value, salesforce: kind === 'boolean' ? String(toSalesforce(kind, value)) : value };
    delete kept[field];
  }
  return { ...link, base, fallbacks: { ...kept, ...fallbacks } };
}
