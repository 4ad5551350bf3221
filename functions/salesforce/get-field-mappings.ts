import { handle } from '../../lib/core/handle.ts';
import { readMappings, toPublicMapping } from '../../lib/salesforce/settings.ts';
import { salesforce } from './operations.ts';

export const handler = handle(salesforce.getFieldMappings, async (_, app) =>
  (await readMappings(app)).map(toPublicMapping),
);
