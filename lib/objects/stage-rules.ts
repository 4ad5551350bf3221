import type { PipelineRules } from '../pipelines/schema.ts';
import type { PipelineProperties } from './definition.ts';
import { missingProperty, type Problem } from './value-problem.ts';

/** What the rules need to know of a pipeline (`Pipeline` of `lib/pipelines/schema.ts` has it). */
export type PipelineFact = {
  readonly id: string;
  readonly displayOrder: number;
  readonly archived: boolean;
  readonly label: string;
  readonly stages: readonly StageFact[];
  readonly rules?: PipelineRules | undefined;
};
export type StageFact = {
  readonly id: string;
  readonly displayOrder: number;
  readonly archived: boolean;
  readonly label: string;
  readonly metadata: Readonly<Record<string, string>>;
};

type Values = Readonly<Record<string, string | null | undefined>>;
type Placed = { readonly values: Record<string, string>; readonly stage?: StageFact } | { readonly problem: Problem };

/**
 * The pipeline and stage a record comes to stand in. A stage alone decides its pipeline when it is of the record's own or of one
 * other; a pipeline alone means its first stage; a new record with neither starts at the beginning of the default pipeline.
 */
export function placeInPipeline(
  { pipelineProperty, stageProperty }: PipelineProperties,
  given: Values,
  current: Values,
  all: readonly PipelineFact[],
  creating: boolean,
): Placed {
  const live = inOrder(all);
  if (live.length === 0 || (!creating && !(pipelineProperty in given) && !(stageProperty in given)))
    return { values: {} };
  if (!creating && given[pipelineProperty] === null) return { problem: missingProperty(pipelineProperty) };
  if (!creating && given[stageProperty] === null) return { problem: missingProperty(stageProperty) };
  const stageId = given[stageProperty] ?? undefined;
  const wanted = given[pipelineProperty] ?? pipelineOf(stageId, current[pipelineProperty] ?? undefined, live);
  const pipeline = live.find(({ id }) => id === wanted);
  if (!pipeline) return { problem: notAmong(pipelineProperty, String(wanted), live) };
  const stages = inOrder(pipeline.stages);
  const kept =
    given[pipelineProperty] === current[pipelineProperty] ? (current[stageProperty] ?? undefined) : undefined;
  const stage =
    stageId === undefined
      ? (stages.find(({ id }) => id === kept) ?? stages[0])
      : stages.find(({ id }) => id === stageId);
  if (!stage)
    return {
      problem:
        stageId === undefined ? missingProperty(stageProperty) : notAmong(stageProperty, stageId, stages, pipeline.id),
    };
  return { values: { [pipelineProperty]: pipeline.id, [stageProperty]: stage.id }, stage };
}

const inOrder = <T extends { archived: boolean; displayOrder: number }>(all: readonly T[]): readonly T[] =>
  all.filter(({ archived }) => !archived).toSorted((a, b) => a.displayOrder - b.displayOrder);

/** The pipelines that HubSpot assumes for deals and tickets. */
const hubSpotsOwn = ['default', '0'];

/** HubSpot assumes the record's own pipeline, then the account's first; our stage ids also say it alone. */
function pipelineOf(
  stageId: string | undefined,
  current: string | undefined,
  live: readonly PipelineFact[],
): string | undefined {
  const usual = live.find(({ id }) => hubSpotsOwn.includes(id)) ?? live[0];
  const assumed = [live.find(({ id }) => id === current), usual].flatMap((pipeline) => pipeline ?? []);
  const holds = ({ stages }: PipelineFact) => stages.some(({ id, archived }) => id === stageId && !archived);
  return ([...assumed, ...live].find(holds) ?? assumed[0])?.id;
}

function notAmong(
  name: string,
  value: string,
  allowed: readonly { readonly id: string }[],
  pipelineId?: string,
): Problem {
  const where = pipelineId === undefined ? '' : ` of pipeline ${pipelineId}`;
  return {
    name,
    code: 'INVALID_OPTION',
    message: `${value} was not one of the allowed options${where}: [${allowed.map(({ id }) => id).join(', ')}]`,
  };
}

/** Whether work on the record has ended in this stage. */
export const isClosedStage = ({ metadata }: StageFact): boolean =>
  metadata.isClosed === 'true' || metadata.ticketState === 'CLOSED';
