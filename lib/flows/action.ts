import type * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { RecordRef } from '../table/keys.ts';
import type { Mark } from '../table/once.ts';
import type { Write } from '../table/write.ts';
import type { Facts, Output } from './facts.ts';

/** What an action would do with these facts: an effect, a wait, or nothing because there is nothing to do. */
type Plan<Input> = Effect<Input> | Wait | Nothing;
type Effect<Input> = { readonly kind: 'effect'; readonly input: Input };
type Wait = { readonly kind: 'wait'; readonly until: string };
type Nothing = { readonly kind: 'nothing'; readonly output: Output };

export const effect = <Input>(input: Input): Effect<Input> => ({ kind: 'effect', input });
export const waitUntil = (moment: number): Wait => ({ kind: 'wait', until: new Date(moment).toISOString() });
/** `because` tells the reader of the run why nothing was done. */
export const nothing = (because: string, output: Output = {}): Nothing => ({
  kind: 'nothing',
  output: { ...output, skipped: because },
});

/** What an effect is given beside its input. */
export type Step = {
  /** Writes as the flow, with the run's causes. */
  readonly app: App;
  /** Names this step of this run for all time: the idempotency key of effects outside the table. */
  readonly key: string;
  /** How often the run was retried by hand: a failure that an earlier round ended with may be tried again. */
  readonly round: number;
  readonly flowId: string;
  readonly runId: string;
  readonly actionId: string;
  readonly enrolled: RecordRef;
  /** The mark of this step: in the effect's own transaction it makes the effect happen once. */
  readonly mark: (output: Output) => Mark;
  /** Holds while the flow is enabled as it was when the run began. Belongs into the effect's transaction, or into its claim. */
  readonly guard: readonly Write[];
};

type Definition<S extends z.ZodMiniType, Input> = {
  /** HubSpot's action type id. It is also the name of the file under `actions/`, which is all that registers an action. */
  readonly typeId: string;
  readonly name: string;
  readonly fields: S;
  /** It always takes time, so that a loop through it is no endless one. */
  readonly waits?: boolean;
  /** Later actions may act on the record that it makes; its output has `objectType` and `recordId`. */
  readonly makesRecord?: boolean;
  /** Pure: the same fields and facts give the same plan. @throws CrmError when the facts do not allow the action */
  readonly plan: (fields: z.output<S>, facts: Facts) => Plan<Input>;
  /** Makes the effect, once for a step however often it is called. Returns what later steps may use. */
  readonly run?: (input: Input, step: Step) => Promise<Output>;
};

/** An action as the engine knows it. */
export type Action = {
  readonly typeId: string;
  readonly name: string;
  readonly waits: boolean;
  readonly makesRecord: boolean;
  /** What is wrong with the fields of a definition. */
  readonly problemsOf: (fields: unknown) => readonly z.core.$ZodIssue[];
  readonly plan: (fields: unknown, facts: Facts) => Plan<unknown>;
  readonly run: (input: unknown, step: Step) => Promise<Output>;
};

/** Declares an action. The plan's input goes to `run` as it is. */
export const defineAction = <S extends z.ZodMiniType, Input = never>(definition: Definition<S, Input>): Action => ({
  typeId: definition.typeId,
  name: definition.name,
  waits: definition.waits ?? false,
  makesRecord: definition.makesRecord ?? false,
  problemsOf: (fields) => definition.fields.safeParse(fields, { reportInput: true }).error?.issues ?? [],
  plan: (fields, facts) => definition.plan(definition.fields.parse(fields), facts),
  run: async (input, step) => {
    if (!definition.run) throw new Error(`The action ${definition.typeId} has no effect`);
    return definition.run(input as Input, step);
  },
});
