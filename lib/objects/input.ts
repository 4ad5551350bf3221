import * as z from 'zod/mini';
import { readDatetime } from './moment.ts';

/** A moment as clients send it (ISO 8601 or epoch milliseconds), read as `2026-11-22T04:30:00.000Z`. */
export const Moment = z.pipe(
  z.union([z.string(), z.int()]),
  z.pipe(
    z.transform((given: string | number) => readDatetime(String(given)) ?? ''),
    z.string().check(z.minLength(1, 'is not a time')),
  ),
);

/** `a,b` and `a=1&a=2` (which API Gateway joins with commas) are the same list. */
export const Words = z.pipe(
  z.string(),
  z.transform((text) => [...new Set(text.split(',').map((word) => word.trim()))].filter(Boolean)),
);
