import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { loadPipelines } from '../pipelines/store.ts';
import type { ObjectType } from './definition.ts';
import { withDefinitions } from './definition-store.ts';
import type { Values } from './record.ts';
import { checkValues, type PropertyInput } from './values.ts';

/** Checks what a client sends against the definitions. */
export type Check = (
  input: PropertyInput,
  at: { creating: boolean; current: Readonly<Record<string, string>>; now: string },
) => Values;

/**
 * Decides with the definitions of an object type and its pipelines. When the decision is a refusal it is made again with definitions
 * read anew, because a property or a stage may have been made a moment ago: `decide` must have no effects.
 */
export async function withRules<T>(app: App, objectType: string, decide: (type: ObjectType, check: Check) => T): Promise<T> {
  let piped = false;
  const attempt = (fresh: boolean) =>
    withDefinitions(app, objectType, async (type) => {
      piped = type.pipeline !== undefined;
      const pipelines = type.pipeline ? await loadPipelines(app, type.objectTypeId, { fresh }) : [];
      return decide(type, (input, at) => checkValues(type, input, { ...at, pipelines }));
    });
  try {
    return await attempt(false);
  } catch (error) {
    if (piped && error instanceof CrmError && error.category === 'VALIDATION_ERROR') return attempt(true);
    throw error;
  }
}
