import { CrmError } from '../../../lib/core/errors.ts';
import type { CheckedAt } from '../../../lib/objects/values.ts';

/** The moment at which the tests' requests arrive. */
export const now = '2026-11-22T04:00:00.000Z';
export const creating: CheckedAt = { creating: true, current: {}, now };
export const updating = (current: Record<string, string> = {}): CheckedAt => ({ creating: false, current, now });

/** The error with which the rules refuse. */
export function refusal(run: () => unknown): CrmError {
  try {
    run();
  } catch (error) {
    if (error instanceof CrmError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

export const codes = (error: CrmError) =>
  error.options.errors?.map(({ code, context }) => [code, context?.propertyName?.[0]]);
