import type { App } from '../core/app.ts';
import { CrmError, isUnavailable, unavailable } from '../core/errors.ts';
import { Reply } from '../core/handle.ts';
import { StaleRead } from '../table/contention.ts';
import type { BatchError } from './schema.ts';

/** One of the `errors` of a batch's body. */
export const toBatchError = (
  { category, message, options }: CrmError,
  context: Record<string, string[]> = {},
): BatchError => ({
  status: 'error',
  category,
  message,
  ...(options.subCategory && { subCategory: options.subCategory }),
  errors: (options.errors ?? []).map((error) => ({ ...error })),
  context: { ...options.context, ...context },
  links: { ...options.links },
});

/** An error of one row as a client may see it. A bug is thrown, so that it is logged and answered as such. */
export function asRowError(error: Error): CrmError {
  if (error instanceof CrmError) return error;
  if (error instanceof StaleRead || isUnavailable(error) || error.name.startsWith('Transaction')) return unavailable();
  throw error;
}

/**
 * HubSpot's envelope: the usual status when all inputs succeeded, 207 when some did not. `partly` is another status for the one
 * operation whose client takes 207 for an error.
 */
export function batchReply<T>(
  app: App,
  status: 200 | 201,
  { startedAt, results, errors }: { startedAt: string; results: readonly T[]; errors: readonly BatchError[] },
  partly = 207,
): Reply {
  const body = {
    status: 'COMPLETE',
    results,
    ...(errors.length > 0 && { numErrors: errors.length, errors }),
    requestedAt: startedAt,
    startedAt,
    completedAt: app.now(),
  };
  return new Reply(errors.length > 0 ? partly : status, body);
}
