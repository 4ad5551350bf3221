import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { defineJob, type Slice } from '../jobs/kind.ts';
import { announceJob } from '../jobs/store.ts';
import { CrmRecord } from '../objects/record.ts';
import { contend } from '../table/contention.ts';
import { type RecordRef, recordKey } from '../table/keys.ts';
import { AlreadyDone, PreconditionFailed } from '../table/once.ts';
import { commitOrThrow } from '../table/steps.ts';
import { eraseSteps, findErased, forgetFurther } from './erase.ts';
import { AnyRow, erasureOf } from './erase-rows.ts';
import { eraseKind } from './job-kinds.ts';
import { isFinal } from './retention.ts';

const rowsPerSlice = 50;

const Ref = z.object({ objectType: z.string(), id: z.string() });
const Cursor = z.object({ refs: z.array(Ref), after: z.optional(z.string()) });
type Cursor = z.output<typeof Cursor>;
const EraseInput = z.object({
  refs: z.array(Ref),
  /** Somebody asked for it; otherwise their time in the archive is over, and who was restored is left alone. */
  requested: z.boolean(),
});

/** Takes away everything that is stored with erased records, row by row. A repeat finds less, or nothing. */
export const recordErase = defineJob({
  kind: eraseKind,
  input: EraseInput,
  cursor: Cursor,
  slice: (app, { input: { refs, requested }, cursor = { refs } }) => eraseSlice(app, requested, cursor),
});

async function eraseSlice(app: App, requested: boolean, { refs, after }: Cursor): Promise<Slice<Cursor>> {
  const [ref, ...rest] = refs;
  if (!ref) return { done: true, processed: 0 };
  const erasedBy = await erasedWith(app, ref, requested);
  if (erasedBy === undefined) return { done: false, processed: 0, cursor: { refs: rest } };
  const { pk } = recordKey(ref);
  const page = await app.table.query(
    { pk, limit: rowsPerSlice, ...(after && { startAfter: { pk, sk: after } }) },
    AnyRow,
  );
  for (const row of page.items) await eraseRow(app, row, { ref, erasedBy });
  const last = page.items.at(-1);
  const next = page.lastKey && last ? { refs: [ref, ...rest], after: last.sk } : { refs: rest };
  return { done: false, processed: page.items.length, cursor: next };
}

/** The event by which the record was erased: now, when it stands there still. Undefined when it is to stay, or never was. */
async function erasedWith(app: App, ref: RecordRef, requested: boolean): Promise<string | undefined> {
  await contend(async () => {
    const record = await app.table.get(recordKey(ref), CrmRecord);
    const due = record && (requested || (record.archivedAt !== undefined && isFinal(record.archivedAt, app.now())));
    if (!due) return;
    if (requested) await forgetFurther(app, record);
    await commitOrThrow(app.table, await eraseSteps(app, record, { requested }));
  });
  return (await findErased(app, ref))?.eventId;
}

async function eraseRow(
  app: App,
  row: AnyRow,
  at: { readonly ref: RecordRef; readonly erasedBy: string },
): Promise<void> {
  try {
    await contend(async () => {
      const { steps, job } = await erasureOf(app, row, at);
      if (steps.length > 0) await commitOrThrow(app.table, steps);
      if (job) await announceJob(job);
    });
  } catch (error) {
    // Somebody took it away meanwhile.
    if (!(error instanceof PreconditionFailed) && !(error instanceof AlreadyDone)) throw error;
  }
}
