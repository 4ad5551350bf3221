import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { cached } from '../objects/definition-cache.ts';
import { pipelinePartition } from '../table/keys.ts';
import { formerLabelsKey, formerLabelsPrefix } from '../table/pipeline-keys.ts';
import type { Write } from '../table/write.ts';
import type { Pipeline } from './schema.ts';

/** What a pipeline and its stages were called until a change renamed them. One row for a change, however many names it changes. */
const FormerLabels = z.object({
  pipelineId: z.string(),
  until: z.string(),
  label: z.optional(z.string()),
  /** By stage id. */
  stages: z.record(z.string(), z.string()),
});
type FormerLabels = z.output<typeof FormerLabels>;

/** The write that keeps the names which a change takes away; it belongs into the transaction of the change. None when all names stay. */
export function formerLabelWrites(app: App, objectTypeId: string, before: Pipeline, after: Pipeline): Write[] {
  const labels = new Map(after.stages.map(({ id, label }) => [id, label]));
  const renamed = before.stages.filter(({ id, label }) => labels.has(id) && labels.get(id) !== label);
  if (before.label === after.label && renamed.length === 0) return [];
  const row: FormerLabels = {
    pipelineId: before.id,
    until: app.now(),
    ...(before.label !== after.label && { label: before.label }),
    stages: Object.fromEntries(renamed.map(({ id, label }) => [id, label])),
  };
  return [{ put: { ...formerLabelsKey(objectTypeId, app.newEventId()), entity: 'former-labels', ...row } }];
}

/** Every name that pipelines of a type and their stages had, oldest first; held for seconds per instance. */
export const loadFormerLabels = (app: App, objectTypeId: string): Promise<readonly FormerLabels[]> =>
  cached(objectTypeId, 'former-labels', () =>
    app.table.all({ pk: pipelinePartition(objectTypeId), prefix: formerLabelsPrefix }, FormerLabels),
  );

/** What something was called at a moment, of the names that it lost since: the first one that it lost at that moment or later. */
export function labelAt(
  former: readonly FormerLabels[],
  at: number,
  labelIn: (row: FormerLabels) => string | undefined,
): string | undefined {
  const row = former.find((each) => Date.parse(each.until) >= at && labelIn(each) !== undefined);
  return row && labelIn(row);
}
