import * as z from 'zod/mini';
import { DateUnit } from './schema.ts';

const Row = z.object({
  keys: z.array(z.string()),
  /** What pipelines and stages were called at the end of the row's bucket. */
  labels: z.array(z.string()),
  /** The labels of today, when they are others. */
  labelsNow: z.optional(z.array(z.string())),
  value: z.number(),
  /** How many records are behind the value. */
  count: z.number(),
});
export type Row = z.output<typeof Row>;

export const ReportData = z.object({
  columns: z.array(z.object({ name: z.string(), label: z.string(), unit: z.optional(DateUnit) })),
  rows: z.array(Row),
  asOf: z.string(),
  complete: z.boolean(),
  /** While the records from before the report are being counted. */
  progress: z.optional(z.object({ done: z.number(), total: z.optional(z.number()) })),
});
export type ReportData = z.output<typeof ReportData>;
