/**
 * Reads a function's `batchItemFailures` as Lambda does: nothing or an empty list is success, and an answer that
 * makes no sense fails the whole batch.
 */
export function failedItems(payload: unknown, ids: readonly string[]): ReadonlySet<string> {
  if (payload === null || payload === undefined) return new Set();
  if (typeof payload !== 'object') return new Set(ids);
  const failures: unknown = 'batchItemFailures' in payload ? payload.batchItemFailures : undefined;
  if (failures === null || failures === undefined) return new Set();
  if (!Array.isArray(failures)) return new Set(ids);
  const failed = failures.map((failure: unknown) =>
    typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure ? failure.itemIdentifier : undefined,
  );
  const known = new Set<unknown>(ids);
  return failed.every((id): id is string => known.has(id)) ? new Set(failed) : new Set(ids);
}

/** Doubles from 50 ms to a second: long enough to let trouble pass, short enough to watch. */
export function backOffMs(attempt: number): number {
  return Math.min(1000, 50 * 2 ** Math.min(attempt, 10));
}
