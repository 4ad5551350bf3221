import { type AssociationInput, missingTarget } from '../associations/inline.ts';
import { planPair } from '../associations/plan.ts';
import { requireTypes } from '../associations/required.ts';
import { hubspotAssociates } from '../associations/types.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { companyKey } from '../objects/company-key.ts';
import type { ObjectType } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { type CrmRecord, changedRecord, type Decision, newRecord } from '../objects/record.ts';
import { createSteps, updateSteps } from '../objects/record-steps.ts';
import { withRules } from '../objects/rules.ts';
import type { Alongside } from '../objects/store.ts';
import { absentOrBelow } from '../table/conditions.ts';
import { StaleRead } from '../table/contention.ts';
import { companyTurnKey } from '../table/form-keys.ts';
import type { RecordRef } from '../table/keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import { domainOf, type Found, findOther, identifying, withPlainIds } from './find-other.ts';
import { asProblems, InvalidSubmission } from './problem.ts';
import type { FormDefinition } from './schema.ts';
import type { SubmittedValue } from './submission.ts';

const contacts = '0-1';
const companies = '0-2';
/** Longer than any transaction takes. */
const turnMs = 10_000;

type Input = Readonly<Record<string, string>>;
type Planned = { readonly ref: RecordRef; readonly steps: readonly Step[]; readonly isNew: boolean };

/** What a submission gives for records of other types, by type. */
export function otherInputs(values: readonly SubmittedValue[]): ReadonlyMap<string, Input> {
  const others = values.filter(({ objectTypeId }) => objectTypeId !== contacts);
  return new Map(
    [...Map.groupBy(others, ({ objectTypeId }) => objectTypeId)].map(([type, given]) => [
      type,
      Object.fromEntries(given.map(({ name, value }) => [name, value])),
    ]),
  );
}

/**
 * Plans the records of other types that a submission speaks of. One that is found is changed, another is made, and each is associated with
 * the contact; a ticket or deal also with the company and deal. A unique value that nobody has makes no record by itself, and neither do
 * values that lack a required property: they stay with the submission. What lacks a name is named after the form.
 * @throws InvalidSubmission with what the properties, pipelines and policies do not let pass
 */
export async function planOthers(
  app: App,
  form: FormDefinition,
  inputs: ReadonlyMap<string, Input>,
): Promise<Alongside> {
  const planned: Planned[] = [];
  for (const [objectType, input] of inputs) {
    const plan = await orProblems(objectType, () => planOne(app, form, objectType, input));
    if (plan) planned.push(plan);
  }
  const written = planned.filter(({ steps }) => steps.length > 0).map(({ ref }) => ref);
  const types = new Set([contacts, ...planned.map(({ ref }) => ref.objectType)]);
  for (const { ref, isNew } of planned) if (isNew) await requireTypes(app, ref.objectType, () => types);
  return {
    steps: [...planned.flatMap(({ steps }) => steps), ...(await pairsAmong(app, planned, written))],
    written,
    associations: planned.map(({ ref }): AssociationInput => ({ to: ref, types: 'default' })),
  };
}

async function orProblems<T>(objectType: string, plan: () => Promise<T>): Promise<T> {
  try {
    return await plan();
  } catch (error) {
    if (error instanceof InvalidSubmission || !(error instanceof CrmError) || error.status >= 500) throw error;
    throw new InvalidSubmission(asProblems(error, objectType));
  }
}

async function planOne(app: App, form: FormDefinition, objectType: string, given: Input): Promise<Planned | undefined> {
  const type = await loadObjectType(app, objectType);
  const domain = type.objectTypeId === companies ? domainOf(given) : undefined;
  const input = withPlainIds(type, domain ? { ...given, domain } : given);
  const found = await findOther(app, type, input);
  if (found === 'SEVERAL') return undefined;
  if (found) return planChange(app, found, input);
  if (Object.keys(input).length === identifying(type, input).length) return undefined;
  return planNew(app, type, named(type, input, form), input);
}

/** The property that a record is called by gets the form's name when it must have one. */
const named = (
  { requiredProperties, primaryDisplayProperty }: ObjectType,
  input: Input,
  form: FormDefinition,
): Input =>
  requiredProperties.includes(primaryDisplayProperty) ? { [primaryDisplayProperty]: form.name, ...input } : input;

async function planChange(app: App, { record, byName }: Exclude<Found, 'SEVERAL'>, input: Input): Promise<Planned> {
  const given = byName ? Object.fromEntries(Object.entries(input).filter(([name]) => !record.properties[name])) : input;
  const { type, decision } = await withRules(app, record.objectType, (type, check) => {
    const now = app.now();
    const values = check(given, { creating: false, current: record.properties, now });
    return { type, decision: changedRecord(type, record, values, now) };
  });
  const steps = decision ? updateSteps(app, type, record, decision) : [];
  return { ref: refOf(record), steps, isNew: false };
}

async function planNew(
  app: App,
  { objectTypeId }: ObjectType,
  input: Input,
  given: Input,
): Promise<Planned | undefined> {
  let made: { readonly type: ObjectType; readonly decision: Decision };
  try {
    made = await withRules(app, objectTypeId, (type, check) => {
      const now = app.now();
      const values = check(input, { creating: true, current: {}, now });
      return { type, decision: newRecord(type, values, { id: app.newId(), now, actor: app.actor }) };
    });
  } catch (error) {
    if (error instanceof CrmError && isIncomplete(error)) return undefined;
    throw error;
  }
  const created = createSteps(app, made.type, made.decision).map(orMadeMeanwhile);
  const steps = [...created, ...(objectTypeId === companies ? companyTurns(app, given) : [])];
  return { ref: refOf(made.decision.record), steps, isNew: true };
}

const refOf = ({ objectType, id }: CrmRecord): RecordRef => ({ objectType, id });

const isIncomplete = ({ options: { errors = [] } }: CrmError) =>
  errors.length > 0 && errors.every(({ code }) => code === 'MISSING_REQUIRED_PROPERTY');

/** Nobody had the unique values a moment ago: who has one now is found in the next attempt. */
const orMadeMeanwhile = ({ write, refused }: Step): Step => ({
  write,
  refused: (stored) => {
    const error = refused(stored);
    return error instanceof CrmError && error.category === 'CONFLICT' ? new StaleRead(error.message) : error;
  },
});

/** A company has no unique value, so those who would make the same one wait for each other, and then find it. */
function companyTurns(app: App, input: Input): Step[] {
  const now = Date.parse(app.now());
  const names = [domainOf(input), input.name && companyKey(input.name)].filter(
    (name) => name !== undefined && name !== '',
  );
  return names.map((name) => {
    const until = now + turnMs;
    const put = {
      ...companyTurnKey(String(name)),
      entity: 'form-company-turn',
      until,
      expiresAt: Math.ceil(until / 1000) + 60,
    };
    return orStale({ put, when: absentOrBelow('until', now) });
  });
}

/** Tickets and deals belong to a company, tickets to a deal. */
const belongs: readonly (readonly [string, string])[] = [
  ['0-5', companies],
  ['0-5', '0-3'],
  ['0-3', companies],
];

async function pairsAmong(app: App, planned: readonly Planned[], written: readonly RecordRef[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const [fromType, toType] of belongs) {
    const from = planned.find(({ ref }) => ref.objectType === fromType);
    const to = planned.find(({ ref }) => ref.objectType === toType);
    if (!from || !to || !hubspotAssociates(fromType, toType)) continue;
    const wanted = { from: from.ref, to: to.ref, types: 'default' as const, how: 'add' as const };
    const before = from.isNew ? ({ before: 'none' } as const) : {};
    steps.push(...(await planPair(app, wanted, { missing: missingTarget, writing: written, ...before })).steps);
  }
  return steps;
}
