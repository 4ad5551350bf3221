import type { Action } from './action.ts';
import type { EffectAction } from './schema.ts';

/** The action type of a step: HubSpot's id, or `webhook`, which has none. */
export const typeIdOf = (action: EffectAction): string => (action.type === 'WEBHOOK' ? 'webhook' : action.actionTypeId);

/** What the definition gives the action to go by. */
export const fieldsOf = (action: EffectAction): unknown => (action.type === 'WEBHOOK' ? action : action.fields);

const loaded = new Map<string, Action | undefined>();

/**
 * The action of a type; undefined when there is none. A file `actions/{type id}.ts` is an action, nothing else lists them: the
 * bundler puts every file that fits the pattern below into a chunk of its own, which is read when a flow uses it.
 */
export async function loadAction(typeId: string): Promise<Action | undefined> {
  if (!loaded.has(typeId)) loaded.set(typeId, await importAction(typeId));
  return loaded.get(typeId);
}

async function importAction(typeId: string): Promise<Action | undefined> {
  if (!/^[\w-]+$/.test(typeId)) return undefined;
  try {
    const module: { readonly action: Action } = await import(`./actions/${typeId}.ts`);
    return module.action;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Node, the bundler's code and the test runner each say in their own way that no file fits. */
const isAbsent = (error: unknown) =>
  error instanceof Error &&
  /^(Cannot find module|Module not found in bundle|Unknown variable dynamic import)/.test(error.message);
