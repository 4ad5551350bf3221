import { handle } from '../../lib/core/handle.ts';
import { setRule } from '../../lib/properties/validation.ts';
import { validations } from './operations.ts';

export const handler = handle(validations.set, async ({ path, body: { ruleArguments } }, app) => {
  const { objectTypeId, propertyName, ruleType } = path;
  await setRule(app, objectTypeId, propertyName, { ruleType, ruleArguments });
  return undefined;
});
