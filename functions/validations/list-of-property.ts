import { handle } from '../../lib/core/handle.ts';
import { readRules } from '../../lib/properties/validation.ts';
import { validations } from './operations.ts';

export const handler = handle(validations.listOfProperty, async ({ path }, app) => ({
  results: [...(await readRules(app, path.objectTypeId, path.propertyName))],
}));
