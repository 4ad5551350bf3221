import type { Explain } from '../../events/define.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { ObjectType } from '../objects/definition.ts';
import { type CrmRecord, changedRecord, type Decision, newRecord, type Values } from '../objects/record.ts';
import { createSteps, updateSteps } from '../objects/record-steps.ts';
import type { Check } from '../objects/rules.ts';
import { orStale, type Step } from '../table/steps.ts';
import type { Row } from './client.ts';
import { dirtyWrite } from './dirty.ts';
import { type Link, linkStep, newLinkSteps, personRef, type Twin } from './link.ts';
import type { Side } from './merge.ts';
import { mappingsFor, type Plan, planPerson, statesOf } from './plan.ts';
import { fullId } from './salesforce-id.ts';
import { externalIdField, type Sobject, type StoredMapping } from './schema.ts';
import { normalise } from './value.ts';

/** A row of Salesforce with what we have of the same person: a link, a record that is to be linked, or nothing yet. */
export type Candidate = {
  readonly row: Row;
  readonly link?: Link | undefined;
  readonly record?: CrmRecord | undefined;
  readonly twin?: Twin | undefined;
  readonly latest?: ReadonlyMap<string, Side>;
  /** Properties whose values ours refused in an earlier try, with the reason. */
  readonly blocked?: ReadonlyMap<string, string>;
};

/** A property whose value from Salesforce ours does not take. */
type RefusedValue = { readonly property: string; readonly message: string };

/** What a row comes to. */
export type Applied = {
  readonly candidate: Candidate;
  readonly recordId: string;
  readonly steps: readonly Step[];
  /** Our record is made or changed. */
  readonly changes: boolean;
  /** Values of ours are still to be sent to Salesforce. */
  readonly pending: boolean;
  readonly refused: readonly RefusedValue[];
};

type Context = {
  readonly app: App;
  readonly type: ObjectType;
  readonly check: Check;
  readonly mappings: readonly StoredMapping[];
  readonly sobject: Sobject;
  /** The record is marked for the next look already. */
  readonly pushing: boolean;
};

/** Decides what a row writes on our side: the record with its event, the link with both sides' values, the mark for what is to be sent. */
export function applyRow(context: Context, candidate: Candidate): Applied {
  const { app } = context;
  const { row, link, record, latest } = candidate;
  const states = statesOf(mappingsFor(context.mappings, context.sobject), {
    row,
    properties: record?.properties ?? {},
    link,
  });
  const plan = planPerson(states, latest);
  const now = app.now();
  const { values, refused } = acceptedValues(context, candidate, plan.intoOurs, now);
  const decision = record
    ? changedRecord(context.type, record, values, now)
    : newRecord(context.type, values, { id: app.newId(), now, actor: app.actor });
  const after = decision?.record ?? record;
  if (!after) throw new Error('A row came to no record');
  const pending = Object.keys(plan.intoSalesforce).length > 0;
  const saved = linkOf(context, candidate, { plan, refused, record: after, now });
  return {
    candidate,
    recordId: after.id,
    steps: [
      ...recordPart(context, record, decision, plan.explainOurs),
      ...linkPart(candidate, saved),
      ...(pending && !context.pushing ? [orStale(dirtyWrite(app, personRef(after.id)))] : []),
    ],
    changes: decision !== undefined,
    pending,
    refused,
  };
}

function recordPart(
  { app, type }: Context,
  before: CrmRecord | undefined,
  decision: Decision | undefined,
  all: Explain,
) {
  if (!decision) return [];
  const explain = Object.fromEntries(Object.entries(all).filter(([property]) => property in decision.changes));
  return before ? updateSteps(app, type, before, decision, { explain }) : createSteps(app, type, decision, { explain });
}

function linkPart({ link, twin }: Candidate, saved: Link): Step[] {
  if (!link) return newLinkSteps(saved, twin);
  return link.marked === saved.marked && isSameBase(link.base, saved.base) ? [] : [linkStep(saved, link)];
}

function isSameBase(one: Link['base'], other: Link['base']): boolean {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...fields].every(
    (field) => one[field]?.ours === other[field]?.ours && one[field]?.salesforce === other[field]?.salesforce,
  );
}

/** The base holds what our record really has after the write: values may be stored in another spelling than they came in. */
function linkOf(
  { mappings, sobject }: Context,
  { row, link }: Candidate,
  { plan, refused, record, now }: { plan: Plan; refused: readonly RefusedValue[]; record: CrmRecord; now: string },
): Link {
  const base = { ...plan.base };
  for (const { field, kind, property } of mappings) {
    const known = base[field];
    if (!known || field in plan.intoSalesforce) continue;
    const before = link?.base[field];
    if (refused.some((each) => each.property === property)) {
      delete base[field];
      if (before) base[field] = before;
    } else base[field] = { ...known, ours: normalise(kind, record.properties[property]) };
  }
  return {
    salesforceId: fullId(row.Id),
    sobject,
    recordId: record.id,
    version: link?.version ?? 0,
    base,
    fallbacks: stillStandIns(link, base),
    marked: row[externalIdField] === record.id,
    syncedAt: now,
  };
}

/** A stand-in is forgotten when Salesforce has a value of its own in its place. */
const stillStandIns = (link: Link | undefined, base: Plan['base']) =>
  Object.fromEntries(
    Object.entries(link?.fallbacks ?? {}).filter(([field]) => (base[field]?.salesforce ?? null) === null),
  );

/** The values that ours takes; those that it refuses are told and do not keep the others out. */
function acceptedValues(
  { check }: Context,
  { record, blocked = new Map() }: Candidate,
  wanted: Plan['intoOurs'],
  now: string,
): { values: Values; refused: RefusedValue[] } {
  const refused: RefusedValue[] = [...blocked]
    .filter(([property]) => property in wanted)
    .map(([property, message]) => ({ property, message }));
  const at = { creating: !record, current: record?.properties ?? {}, now };
  for (;;) {
    const out = new Set(refused.map(({ property }) => property));
    const left = Object.fromEntries(Object.entries(wanted).filter(([property]) => !out.has(property)));
    try {
      return { values: Object.keys(left).length > 0 || !record ? check(left, at) : {}, refused };
    } catch (error) {
      const more = refusedIn(error).filter(({ property }) => property in left);
      if (more.length === 0) throw error;
      refused.push(...more);
    }
  }
}

/** The properties that a 400 names. */
function refusedIn(error: unknown): RefusedValue[] {
  if (!(error instanceof CrmError)) throw error;
  return (error.options.errors ?? []).flatMap(({ message, context }) =>
    (context?.propertyName ?? []).map((property) => ({ property, message })),
  );
}
