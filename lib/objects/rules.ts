import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { Pipeline } from '../pipelines/schema.ts';
import { loadPipelines } from '../pipelines/store.ts';
import { findUser } from '../users/store.ts';
import { teamIdsOf } from '../users/user.ts';
import type { ObjectType } from './definition.ts';
import { withDefinitions } from './definition-store.ts';
import type { Writer } from './pipeline-rules.ts';
import type { Values } from './record.ts';
import { checkValues, type PropertyInput } from './values.ts';

/** Checks what a client sends against the definitions. @throws CrmError 400 with everything that is wrong */
export type Check = (
  input: PropertyInput,
  at: { creating: boolean; current: Readonly<Record<string, string>>; now: string },
) => Values;

/** Surveys make feedback submissions; as at HubSpot, clients only read them. */
const feedbackSubmissions = '0-19';

function requireWritable({ actor }: App, { objectTypeId, name }: ObjectType): void {
  if (objectTypeId !== feedbackSubmissions || !['token', 'user'].includes(actor.kind)) return;
  throw new CrmError('VALIDATION_ERROR', `Records of the type ${name} are read only: surveys make them`);
}

/** Who writes; the teams of a user only where a pipeline asks for them. */
async function writerOf(app: App, pipelines: readonly Pipeline[]): Promise<Writer> {
  const asksForTeams = pipelines.some(({ rules }) => (rules?.mayCreate?.teams ?? []).length > 0);
  const user = asksForTeams && app.actor.kind === 'user' ? await findUser(app, app.actor.id) : undefined;
  return { ...app.actor, ...(user && { teamIds: teamIdsOf(user) }) };
}

/**
 * Decides with the definitions and pipelines of an object type. When the decision is a refusal it is made once more with definitions
 * read anew, because a property or a stage may have been made a moment ago: `decide` must have no effects.
 */
export const withRules = <T>(app: App, objectType: string, decide: (type: ObjectType, check: Check) => T): Promise<T> =>
  withDefinitions(app, objectType, async (type) => {
    requireWritable(app, type);
    const pipelines = type.pipeline ? await loadPipelines(app, type.objectTypeId) : [];
    const writer = await writerOf(app, pipelines);
    return decide(type, (input, at) => checkValues(type, input, { ...at, pipelines, writer }));
  });
