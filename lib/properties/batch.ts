import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { Reply } from '../core/handle.ts';
import { asRowError, batchReply, toBatchError } from '../objects/batch-answer.ts';
import type { PropertyDefinition } from '../objects/definition.ts';
import type { PropertyCreate } from './input.ts';
import { insertProperty, readDefinitions } from './store.ts';

type Named = { readonly name: string };

/** Creates each on its own, so that one that is refused does not keep the others out. */
export async function createProperties(
  app: App,
  objectType: string,
  inputs: readonly PropertyCreate[],
): Promise<Reply> {
  const startedAt = app.now();
  const results: PropertyDefinition[] = [];
  const errors = [];
  for (const input of inputs) {
    try {
      results.push(await insertProperty(app, objectType, input));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      errors.push(toBatchError(asRowError(error), { name: [input.name] }));
    }
  }
  return batchReply(app, 201, { startedAt, results, errors });
}

/** The definitions of these names, and one error for all that there are not. */
export async function readProperties(
  app: App,
  objectType: string,
  names: readonly Named[],
  archived: boolean,
): Promise<Reply> {
  const startedAt = app.now();
  const type = await readDefinitions(app, objectType);
  const known = archived ? type.archivedProperties : type.properties;
  const wanted = [...new Set(names.map(({ name }) => name))];
  const missing = wanted.filter((name) => !known.has(name));
  const error = new CrmError(
    'OBJECT_NOT_FOUND',
    'Could not get some properties, they may be archived or not exist. Check that names are valid.',
  );
  return batchReply(app, 200, {
    startedAt,
    results: wanted.flatMap((name) => known.get(name) ?? []),
    errors: missing.length > 0 ? [toBatchError(error, { names: missing })] : [],
  });
}
