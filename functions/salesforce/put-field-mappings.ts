import { handle } from '../../lib/core/handle.ts';
import { toPublicMapping } from '../../lib/salesforce/settings.ts';
import { replaceMappings } from '../../lib/salesforce/setup.ts';
import { salesforce } from './operations.ts';

export const handler = handle(salesforce.putFieldMappings, async ({ body }, app) =>
  (await replaceMappings(app, body)).map(toPublicMapping),
);
