import type * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { Write } from '../table/write.ts';
import type { Job, Progress } from './job.ts';

/** What a slice did. `also` are writes that stand or fall with saving its cursor (at most 90). */
export type Slice<C = unknown> = Progress & { readonly cursor?: C; readonly also?: readonly Write[] };

export type JobKind = {
  readonly kind: string;
  readonly run: (app: App, job: Job) => Promise<Slice>;
};

type Definition<I extends z.ZodMiniType, C extends z.ZodMiniType> = {
  readonly kind: string;
  readonly input: I;
  readonly cursor: C;
  readonly slice: (
    app: App,
    at: { readonly input: z.output<I>; readonly cursor: z.output<C> | undefined; readonly job: Job },
  ) => Promise<Slice<z.input<C>>>;
};

/**
 * A kind of long work. `slice` does a part that takes a few seconds at most and says where the next one begins. It may run twice for one
 * cursor (a crash, a repeated message), so its effects must be ones that a repeat does not double; its counts are added once in any case.
 * A `CrmError` ends the job as FAILED; any other error is tried again.
 */
export const defineJob = <I extends z.ZodMiniType, C extends z.ZodMiniType>({
  kind,
  input,
  cursor,
  slice,
}: Definition<I, C>): JobKind => ({
  kind,
  run: (app, job) =>
    slice(app, {
      input: input.parse(job.input),
      cursor: job.cursor === undefined ? undefined : cursor.parse(job.cursor),
      job,
    }),
});
