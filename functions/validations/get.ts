import { handle } from '../../lib/core/handle.ts';
import { readRule } from '../../lib/properties/validation.ts';
import { validations } from './operations.ts';

export const handler = handle(validations.get, async ({ path: { objectTypeId, propertyName, ruleType } }, app) =>
  readRule(app, objectTypeId, propertyName, ruleType),
);
