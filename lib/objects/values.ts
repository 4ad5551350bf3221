import type { ObjectType, PropertyDefinition } from './definition.ts';
import { deriveValues, moveLifecycle } from './derived-values.ts';
import { pipelineProblems, type Writer } from './pipeline-rules.ts';
import { checkValue } from './property-value.ts';
import { type PipelineFact, placeInPipeline } from './stage-rules.ts';
import { brokenRule, type ValidationRule } from './validation-rules.ts';
import { missingProperty, type Problem, valuesInvalid } from './value-problem.ts';

export type PropertyInput = Readonly<Record<string, string | number | boolean | null>>;

export type CheckedAt = {
  readonly creating: boolean;
  /** The record's values; empty on create. */
  readonly current: Readonly<Record<string, string>>;
  readonly now: string;
  /** Needed for types with a pipeline. */
  readonly pipelines?: readonly PipelineFact[];
  /** Who writes: a pipeline's rules may let some create and others not. */
  readonly writer?: Writer;
};

/**
 * The values to store (null = clear): the given ones in their stored spelling, and what follows from them (E.164 twin, e-mail
 * domain, stage and lifecycle dates). `hs_object_id` and the dates of creation and change are the store's business.
 * @throws CrmError 400 with HubSpot's codes, listing every problem of the request.
 */
export function checkValues(type: ObjectType, input: PropertyInput, at: CheckedAt): Record<string, string | null> {
  const problems: Problem[] = [];
  const given = readAll(type, input, at, problems);
  const placed = type.pipeline && placeInPipeline(type.pipeline, given, at.current, at.pipelines ?? [], at.creating);
  if (placed && 'problem' in placed) problems.push(placed.problem);
  const stage = placed && 'values' in placed ? placed : { values: {} };
  const values = { ...given, ...stage.values };
  if (type.pipeline)
    problems.push(...pipelineProblems({ ...at, properties: type.pipeline, values, pipelines: at.pipelines ?? [] }));
  const refused = new Set(problems.map(({ name }) => name));
  problems.push(
    ...missingOf(type, values, at)
      .filter((name) => !refused.has(name))
      .map(missingProperty),
  );
  if (problems.length > 0) throw valuesInvalid(problems, nameOf(type), type.portalId);
  const moved = { ...values, ...moveLifecycle(type, values, at) };
  return { ...moved, ...deriveValues(type, moved, stage.stage, at) };
}

/** HubSpot names a type in messages by its singular in capitals. */
const nameOf = ({ custom, name, singular }: ObjectType) => (custom ? name : singular.toUpperCase());

function readAll(
  type: ObjectType,
  input: PropertyInput,
  at: CheckedAt,
  problems: Problem[],
): Record<string, string | null> {
  const given: Record<string, string | null> = {};
  for (const [name, raw] of Object.entries(input)) {
    const definition = type.properties.get(name);
    const refusal = definition ? refusalOf(definition) : notThere(name);
    if (refusal || !definition) {
      if (refusal) problems.push(refusal);
      continue;
    }
    if (raw === null || raw === '') {
      given[name] = null;
      continue;
    }
    const checked = checkValue(definition, String(raw).toWellFormed(), at.current[name]);
    if ('problem' in checked) problems.push(checked.problem);
    else {
      given[name] = checked.value === '' ? null : checked.value;
      const broken = brokenRule(definition.validationRules ?? [], checked.value, at.now);
      if (broken) problems.push(ruleBroken(name, broken));
    }
  }
  return given;
}

const ruleBroken = (name: string, { ruleType, ruleArguments }: ValidationRule): Problem => ({
  name,
  code: 'VALIDATION_RULE_BROKEN',
  message: `The value of "${name}" breaks its rule ${ruleType}${ruleArguments.length > 0 ? ` (${ruleArguments.join(', ')})` : ''}.`,
});

const notThere = (name: string): Problem => ({
  name,
  code: 'PROPERTY_DOESNT_EXIST',
  message: `Property "${name}" does not exist`,
});

const refusalOf = ({ name, modificationMetadata }: PropertyDefinition): Problem | undefined =>
  modificationMetadata.readOnlyValue
    ? { name, code: 'READ_ONLY_VALUE', message: `"${name}" is a read only property; its value cannot be set.` }
    : undefined;

/** Required properties that a new record lacks, or that a change would clear. Pipelines have a rule of their own. */
function missingOf(
  type: ObjectType,
  values: Readonly<Record<string, string | null>>,
  { creating, current }: CheckedAt,
): string[] {
  const own: readonly string[] = type.pipeline ? [type.pipeline.pipelineProperty, type.pipeline.stageProperty] : [];
  const has = (name: string) => Boolean(values[name] === undefined ? current[name] : values[name]);
  const touched = (name: string) => creating || values[name] === null;
  const required = creating ? type.requiredProperties : [...type.requiredProperties, type.createdProperty];
  return required
    .filter((name) => !own.includes(name))
    .filter((either) => either.split('|').some(touched) && !either.split('|').some(has))
    .map((either) => either.split('|')[0] ?? either);
}
