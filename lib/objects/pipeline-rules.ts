import type { Actor } from '../../events/define.ts';
import type { PipelineProperties } from './definition.ts';
import type { PipelineFact, StageFact } from './stage-rules.ts';
import type { Problem } from './value-problem.ts';

/** Who writes, with the teams of a user. */
export type Writer = Actor & { readonly teamIds?: readonly string[] };

type Values = Readonly<Record<string, string | null | undefined>>;
type Move = {
  readonly properties: PipelineProperties;
  /** The values that the record gets; null clears. */
  readonly values: Values;
  readonly current: Values;
  readonly creating: boolean;
  readonly pipelines: readonly PipelineFact[];
  readonly writer?: Writer | undefined;
};

/** What the rules of the record's pipeline have against a change: who may create, the ways between stages, what a stage needs. */
export function pipelineProblems(move: Move): Problem[] {
  const { properties, values, current, creating, pipelines, writer } = move;
  const after = (name: string) => (values[name] === undefined ? current[name] : values[name]) || undefined;
  const pipeline = pipelines.find(({ id }) => id === after(properties.pipelineProperty));
  const stage = pipeline?.stages.find(({ id }) => id === after(properties.stageProperty));
  if (!pipeline?.rules || !stage) return [];
  const from = creating ? undefined : (current[properties.stageProperty] ?? undefined);
  const arrives = creating || current[properties.pipelineProperty] !== pipeline.id;
  return [
    ...(creating ? notAllowed(pipeline, properties, writer) : []),
    ...wayProblems(pipeline, stage, { arrives, from, name: properties.stageProperty }),
    ...needs(pipeline, stage, {
      moves: arrives || from !== stage.id,
      after,
      cleared: (name) => values[name] === null && Boolean(current[name]),
    }),
  ];
}

function notAllowed(
  { label, rules }: PipelineFact,
  { pipelineProperty }: PipelineProperties,
  writer?: Writer,
): Problem[] {
  const who = rules?.mayCreate;
  if (!who || !writer || mayCreate(who, writer)) return [];
  return [
    {
      name: pipelineProperty,
      code: 'NOT_ALLOWED_TO_CREATE',
      message: `The pipeline "${label}" does not let ${writer.kind} ${writer.id} create records`,
    },
  ];
}

type Who = NonNullable<NonNullable<PipelineFact['rules']>['mayCreate']>;

/** What the system itself does (a restore, an undo) is nobody's creation. */
function mayCreate({ users, teams, tokens, kinds }: Who, { kind, id, teamIds = [] }: Writer): boolean {
  switch (kind) {
    case 'user':
      return users.includes(id) || teams.some((team) => teamIds.includes(team));
    case 'token':
      return tokens.includes(id);
    case 'system':
      return true;
    default:
      return kinds.includes(kind);
  }
}

function wayProblems(
  { label, rules }: PipelineFact,
  stage: StageFact,
  { arrives, from, name }: { arrives: boolean; from: string | undefined; name: string },
): Problem[] {
  const problem = (message: string): Problem[] => [{ name, code: 'STAGE_NOT_ALLOWED', message }];
  if (arrives) {
    const begins = rules?.creatableIn;
    if (!begins || begins.includes(stage.id)) return [];
    return problem(
      `Records of the pipeline "${label}" begin in [${begins.join(', ')}], not in "${stage.label}" (${stage.id})`,
    );
  }
  const allowed = rules?.stages[stage.id]?.allowedFrom;
  if (!allowed || from === stage.id || (from !== undefined && allowed.includes(from))) return [];
  return problem(
    `A record comes to the stage "${stage.label}" (${stage.id}) of the pipeline "${label}" from [${allowed.join(', ')}], not from ${from}`,
  );
}

/** A record that stands in the stage already may lack a property that was not required when it came; it cannot lose one. */
function needs(
  { label, rules }: PipelineFact,
  stage: StageFact,
  at: { moves: boolean; after: (name: string) => string | undefined; cleared: (name: string) => boolean },
): Problem[] {
  return (rules?.stages[stage.id]?.required ?? [])
    .filter((name) => (at.moves ? !at.after(name) : at.cleared(name)))
    .map((name) => ({
      name,
      code: 'MISSING_REQUIRED_PROPERTY',
      message: `The stage "${stage.label}" (${stage.id}) of the pipeline "${label}" requires "${name}"`,
    }));
}
