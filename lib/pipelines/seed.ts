import type { App } from '../core/app.ts';
import { absent } from '../table/conditions.ts';
import { pipelineKey } from '../table/keys.ts';
import { ConditionFailed } from '../table/table.ts';
import { standardPipelines } from './standard.ts';

/**
 * Writes the standard pipelines down, so that they stay as they are when a later release brings others. What is stored already,
 * renamed or archived since, is left alone.
 */
export async function seedPipelines(app: App): Promise<void> {
  for (const [objectTypeId, pipelines] of Object.entries(standardPipelines)) {
    for (const pipeline of pipelines) {
      await app.table
        .commit([
          {
            put: { ...pipelineKey(objectTypeId, pipeline.id), entity: 'pipeline', ...pipeline },
            when: absent,
          },
        ])
        .catch((error: unknown) => {
          if (!(error instanceof ConditionFailed)) throw error;
        });
    }
  }
}
