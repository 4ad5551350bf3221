import { handle } from '../../lib/core/handle.ts';
import { listRules } from '../../lib/properties/validation.ts';
import { validations } from './operations.ts';

export const handler = handle(validations.list, async ({ path }, app) => ({
  results: (await listRules(app, path.objectTypeId)).map((row) => ({
    ...row,
    propertyValidationRules: [...row.propertyValidationRules],
  })),
}));
