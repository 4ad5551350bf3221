import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { requireLive } from './pipeline.ts';
import { PipelineRules } from './schema.ts';
import { changePipeline, requirePipelines } from './store.ts';

type PipelineRef = { readonly objectType: string; readonly pipelineId: string };

export const rulesOf = ({ rules }: { rules?: PipelineRules | undefined }): PipelineRules =>
  rules ?? PipelineRules.parse({});

/**
 * Replaces the rules of a pipeline. They hold for every change from now on; records that are there stay as they are.
 * @throws CrmError 400 naming what is not there, 404
 */
export async function setRules(app: App, { objectType, pipelineId }: PipelineRef, rules: PipelineRules) {
  const type = await loadObjectType(app, objectType, { fresh: true });
  requirePipelines(type);
  return changePipeline(app, type.objectTypeId, pipelineId, (before) => {
    requireLive(before);
    requireKnown(
      'stage',
      [...Object.keys(rules.stages), ...(rules.creatableIn ?? []), ...allowed(rules)],
      before.stages.map(({ id }) => id),
    );
    requireKnown(
      'property',
      Object.values(rules.stages).flatMap(({ required }) => required),
      [...type.properties.keys()],
    );
    const pipeline = { ...before, rules, updatedAt: app.now() };
    return { pipeline, result: rules, audit: { identifier: pipelineId, action: 'UPDATE', rawObject: pipeline } };
  });
}

const allowed = ({ stages }: PipelineRules) => Object.values(stages).flatMap(({ allowedFrom }) => allowedFrom ?? []);

function requireKnown(what: 'stage' | 'property', named: readonly string[], known: readonly string[]): void {
  const unknown = [...new Set(named)].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const code = what === 'stage' ? 'STAGE_DOESNT_EXIST' : 'PROPERTY_DOESNT_EXIST';
  throw new CrmError('VALIDATION_ERROR', `The rules name a ${what} that does not exist: [${unknown.join(', ')}]`, {
    errors: unknown.map((name) => ({
      message: `The ${what} ${name} does not exist`,
      code,
      context: { [what === 'stage' ? 'stageId' : 'propertyName']: [name] },
    })),
  });
}
