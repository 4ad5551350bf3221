import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { Key } from '../table/keys.ts';
import { recordKey } from '../table/keys.ts';
import { asRowError, toBatchError } from './batch-answer.ts';
import { isRecordId } from './not-found.ts';
import { type RecordReference, UniqueRow, uniqueRowKey } from './read-store.ts';
import { CrmRecord } from './record.ts';
import type { BatchError } from './schema.ts';

/** One input of a batch that could not be done. */
export type RowError = { readonly position: number; readonly error: CrmError };

type Traced = { readonly objectWriteTraceId?: string | undefined };

/** Whether every input has a trace id of its own: then HubSpot writes the good ones and reports the others. */
export function areTraced(inputs: readonly Traced[]): boolean {
  const ids = inputs.flatMap(({ objectWriteTraceId }) => objectWriteTraceId ?? []);
  return inputs.length > 0 && new Set(ids).size === inputs.length;
}

/** The errors of a 207, each with its trace id when it has one. */
export const toBatchErrors = (inputs: readonly Traced[], errors: readonly RowError[]): BatchError[] =>
  errors.map(({ position, error }) => {
    const traceId = inputs[position]?.objectWriteTraceId;
    return toBatchError(error, traceId === undefined ? {} : { objectWriteTraceId: [traceId] });
  });

/** One refusal of a whole batch that names every input that was wrong, not the first alone. */
export function refusalOf(errors: readonly RowError[]): CrmError {
  const telling = errors.find(({ error }) => error.category === 'VALIDATION_ERROR') ?? errors[0];
  if (!telling) throw new Error('A batch was refused without an error');
  const details = errors.flatMap(({ position, error }) =>
    (error.options.errors ?? [{ message: error.message, context: error.options.context ?? {} }]).map((detail) => ({
      ...detail,
      in: detail.in ? `inputs[${position}].${detail.in}` : `inputs[${position}]`,
    })),
  );
  const ids = errors.flatMap(({ error }) => error.options.context?.existingObjectId ?? []);
  const { status } = telling.error.options;
  return new CrmError(telling.error.category, telling.error.message, {
    ...(status !== undefined && { status }),
    errors: details,
    ...(ids.length > 0 && { context: { existingObjectId: ids } }),
    ...(telling.error.options.subCategory && { subCategory: telling.error.options.subCategory }),
  });
}

/** Runs a decision on each input; what is refused is told for all inputs at once. */
export function forEachInput<I, T>(
  inputs: readonly I[],
  decide: (input: I) => T,
): { values: (T | undefined)[]; errors: RowError[] } {
  const errors: RowError[] = [];
  const values = inputs.map((input, position) => {
    try {
      return decide(input);
    } catch (error) {
      errors.push({ position, error: asRowError(error as Error) });
      return undefined;
    }
  });
  return { values, errors };
}

/** HubSpot tells all missing records of a batch in one error. */
export const missingRecords = (singular: string, ids: readonly string[]): BatchError =>
  toBatchError(
    new CrmError(
      'OBJECT_NOT_FOUND',
      `Could not get some ${singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`,
      { context: { ids: [...ids] } },
    ),
  );

/** The records that references of one batch name, at the position of each; one read for the unique values, one for the records. */
export async function readReferenced(
  app: App,
  objectType: string,
  references: readonly RecordReference[],
  { archived = false }: { archived?: boolean } = {},
): Promise<{ records: (CrmRecord | undefined)[]; keys: (Key | undefined)[] }> {
  const keys = await Promise.all(
    references.map(({ id, idProperty }) =>
      isRecordId(idProperty) ? undefined : uniqueRowKey(app, objectType, idProperty ?? '', id),
    ),
  );
  const owners = await readOwners(
    app,
    keys.flatMap((key) => key ?? []),
  );
  const ids = references.map(({ id }, position) => {
    const key = keys[position];
    return key ? owners.get(key.pk) : id;
  });
  const found = await app.table.getMany(
    ids.flatMap((id) => (id === undefined ? [] : [recordKey({ objectType, id })])),
    CrmRecord,
  );
  const byId = new Map(
    found.filter(({ archivedAt }) => (archivedAt !== undefined) === archived).map((record) => [record.id, record]),
  );
  return { records: ids.map((id) => (id === undefined ? undefined : byId.get(id))), keys };
}

/** Who owns unique values, by the partition of each value's row. */
export async function readOwners(app: App, keys: readonly Key[]): Promise<Map<string, string>> {
  const rows = await app.table.getMany(keys, UniqueRow);
  return new Map(rows.map(({ pk, id }) => [pk, id]));
}

/** A batch in which the same record is named twice has no order in which it could be done. @throws CrmError 400 */
export function refuseDuplicates(names: readonly string[]): void {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) twice.add(name);
    seen.add(name);
  }
  if (twice.size > 0) {
    throw new CrmError('VALIDATION_ERROR', `Duplicate IDs found in batch input: [${[...twice].join(', ')}]`, {
      context: { ids: [...twice] },
    });
  }
}

/** When nothing was done because the service was busy, the whole request may be tried again. */
export function throwIfAllUnavailable(done: number, errors: readonly RowError[]): void {
  const [first] = errors;
  if (done === 0 && first && errors.every(({ error }) => error.category === 'SERVICE_UNAVAILABLE')) throw first.error;
}
