import { labelsPerPair } from '../../lib/associations/labels.ts';
import { loadAssociationTypes } from '../../lib/associations/type-store.ts';
import { handle } from '../../lib/core/handle.ts';
import { labelUsage } from '../../lib/limits/association-usage.ts';
import { listObjectTypes } from '../../lib/objects/definition-store.ts';
import { limits } from './operations.ts';

export const handler = handle(limits.associationLabels, async ({ query }, app) => {
  const types = await listObjectTypes(app);
  const associations = await loadAssociationTypes(app, { fresh: true });
  return { results: labelUsage(types, associations, labelsPerPair, query) };
});
