import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { absentOrBelow } from '../table/conditions.ts';
import { idempotencyMarkKey } from '../table/idempotency-keys.ts';
import { recordKey } from '../table/keys.ts';
import { onceStep, type Step } from '../table/steps.ts';
import type { RowError } from './batch.ts';
import { CrmRecord } from './record.ts';

const MarkRow = z.object({ input: z.number(), objectType: z.string(), recordId: z.string(), created: z.boolean() });

/** What an input of the same request became when it ran before. */
export type Earlier = { readonly record: CrmRecord; readonly created: boolean };

/**
 * What a request with an `Idempotency-Key` did before its process died, by the position of each input. Empty unless this is a second
 * run: a first one pays nothing for it.
 */
export async function earlierOf(app: App, inputs: number): Promise<ReadonlyMap<number, Earlier>> {
  const { once } = app;
  if (!once?.again) return new Map();
  const marks = await app.table.getMany(
    Array.from({ length: inputs }, (_, input) => idempotencyMarkKey(once.hash, input)),
    MarkRow,
  );
  const records = await app.table.getMany(
    marks.map(({ objectType, recordId: id }) => recordKey({ objectType, id })),
    CrmRecord,
  );
  const byId = new Map(records.map((record) => [record.id, record]));
  return new Map(
    marks.flatMap(({ input, recordId, created }) => {
      const record = byId.get(recordId);
      return record ? [[input, { record, created }] as const] : [];
    }),
  );
}

/** The mark of an input in the transaction of its change; none without an `Idempotency-Key`. */
export function inputSteps(app: App, input: number, record: CrmRecord, created: boolean): Step[] {
  if (!app.once) return [];
  const now = Math.ceil(Date.parse(app.now()) / 1000);
  const mark = {
    ...idempotencyMarkKey(app.once.hash, input),
    entity: 'idempotency-mark',
    input,
    objectType: record.objectType,
    recordId: record.id,
    created,
    expiresAt: now + 24 * 60 * 60,
  };
  // DynamoDB takes expired marks away within days, and the key may be used again after one.
  return [onceStep(mark, absentOrBelow('expiresAt', now))];
}

/** The id of what an input makes that names none itself: for a request with an `Idempotency-Key` the same one in every run. */
export function uuidOf({ once }: Pick<App, 'once'>, input: number): string {
  if (!once) return randomUUID();
  const hex = createHash('sha256').update(`${once.hash}#${input}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

type Outcome<R> = { readonly values: readonly (R | undefined)[]; readonly errors: readonly RowError[] };

/**
 * Runs a batch on the inputs that an earlier run of the same request left, and puts what it did in between. `positions` are those of
 * the inputs in the request, for their marks.
 */
export async function onceEach<I, R, O extends Outcome<R>>(
  app: App,
  inputs: readonly I[],
  run: (left: readonly I[], positions: readonly number[]) => Promise<O>,
  fromEarlier: (earlier: Earlier) => R,
): Promise<O> {
  const done = await earlierOf(app, inputs.length);
  const positions = [...inputs.keys()].filter((position) => !done.has(position));
  const outcome = await run(
    inputs.filter((_, position) => !done.has(position)),
    positions,
  );
  if (done.size === 0) return outcome;
  const values = inputs.map((_, position) => {
    const earlier = done.get(position);
    return earlier ? fromEarlier(earlier) : outcome.values[positions.indexOf(position)];
  });
  const errors = outcome.errors.map(({ position, error }) => ({ position: positions[position] ?? position, error }));
  return { ...outcome, values, errors };
}
