import type { App } from '../core/app.ts';
import { cached } from '../objects/definition-cache.ts';
import { schemaPartition } from '../table/keys.ts';
import { CustomType } from './schema.ts';

/** The name under which the list of custom types is held beside the definitions of single types. */
export const customTypesCache = 'schema';

/** Every custom object type, the archived ones too. */
export const loadCustomTypes = (app: App, { fresh = false } = {}): Promise<readonly CustomType[]> =>
  cached(customTypesCache, 'list', () => app.table.all({ pk: schemaPartition, prefix: 'type#' }, CustomType), {
    fresh,
  });

/** The live custom type that a path segment names: `2-N`, its name, `p_name` or `p{portal}_name`. */
export function customTypeOf(types: readonly CustomType[], segment: string): CustomType | undefined {
  const word = segment.toLowerCase();
  return types.find(
    ({ archived, objectTypeId, name, fullyQualifiedName }) =>
      !archived &&
      [objectTypeId, name.toLowerCase(), `p_${name.toLowerCase()}`, fullyQualifiedName.toLowerCase()].includes(word),
  );
}
