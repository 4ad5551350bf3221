import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { PropertyDefinition } from '../objects/definition.ts';
import { loadDefinitions } from '../objects/definition-store.ts';
import { changeDefinitions } from '../objects/definition-turn.ts';
import { type RuleType, ruleProblem, type ValidationRule } from '../objects/validation-rules.ts';
import { validationKey } from '../table/validation-keys.ts';
import { propertyOf, readDefinitions } from './store.ts';

const rulesOf = ({ validationRules = [] }: PropertyDefinition) => validationRules;

/** The rules of every property of a type that has some. */
export async function listRules(app: App, objectType: string) {
  const { properties } = await readDefinitions(app, objectType);
  return [...properties.values()]
    .filter((property) => rulesOf(property).length > 0)
    .map((property) => ({ propertyName: property.name, propertyValidationRules: rulesOf(property) }));
}

/** The rules of a property. @throws CrmError 404 */
export const readRules = async (app: App, objectType: string, name: string): Promise<readonly ValidationRule[]> =>
  rulesOf(propertyOf(await readDefinitions(app, objectType), name));

/** @throws CrmError 404 when the property has no such rule. */
export async function readRule(
  app: App,
  objectType: string,
  name: string,
  ruleType: RuleType,
): Promise<ValidationRule> {
  const found = (await readRules(app, objectType, name)).find((rule) => rule.ruleType === ruleType);
  if (!found) throw new CrmError('OBJECT_NOT_FOUND', `The property ${name} has no rule of the type ${ruleType}`);
  return found;
}

/**
 * Sets a rule for the values that a property gets from now on, whoever writes them; values that are there stay. A rule goes with
 * `["false"]`, or with no argument where it takes one. @throws CrmError 400, 404
 */
export async function setRule(app: App, objectType: string, name: string, rule: ValidationRule): Promise<void> {
  const { objectTypeId } = await loadDefinitions(app, objectType);
  await changeDefinitions(app, objectTypeId, async () => {
    const property = propertyOf(await readDefinitions(app, objectTypeId), name);
    const others = rulesOf(property).filter(({ ruleType }) => ruleType !== rule.ruleType);
    const kept = isRemoval(rule, property) ? others : [...others, checked(rule, property)];
    const put = { ...validationKey(objectTypeId, name), entity: 'validation', name, rules: kept };
    return { result: undefined, writes: [{ put }] };
  });
}

const isRemoval = (rule: ValidationRule, { type }: PropertyDefinition) =>
  rule.ruleArguments.join() === 'false' || (rule.ruleArguments.length === 0 && ruleProblem(rule, type) !== undefined);

function checked(rule: ValidationRule, { name, type }: PropertyDefinition): ValidationRule {
  const message = ruleProblem(rule, type);
  if (message === undefined) return rule;
  throw new CrmError('VALIDATION_ERROR', message, {
    errors: [{ message, code: 'INVALID_RULE', in: 'ruleArguments', context: { propertyName: [name] } }],
  });
}
