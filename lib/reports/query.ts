import * as z from 'zod/mini';
import { After } from '../associations/schema.ts';
import { limitOf } from '../core/page.ts';
import { dayOfValue } from './bucket.ts';

/** A day as `2026-11-22`. */
export const Day = z
  .string()
  .check(z.refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text), 'must be a day such as 2026-11-22'));

/** `Date` takes the 30th of February for the second of March. */
const isDay = (text: string) =>
  dayOfValue(text, 'UTC') !== undefined && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

export const DataQuery = z.object({
  from: z.optional(Day),
  to: z.optional(Day),
  /** Of the labels. */
  lang: z._default(z.enum(['ja', 'en']), 'ja'),
});

export const RecordsQuery = z.object({
  keys: z.optional(z.string()),
  properties: z.optional(z.string()),
  after: z.optional(After),
  limit: limitOf(100, 100),
});
