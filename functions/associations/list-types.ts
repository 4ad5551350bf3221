import { typePair } from '../../lib/associations/public.ts';
import { loadAssociationTypes } from '../../lib/associations/type-store.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.listTypes, async ({ path }, app) => {
  const { fromObjectType, toObjectType } = await typePair(app, path);
  const types = await loadAssociationTypes(app, { fresh: true });
  return {
    results: types.between(fromObjectType, toObjectType).map(({ typeId, name }) => ({ id: String(typeId), name })),
  };
});
