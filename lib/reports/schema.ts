import * as z from 'zod/mini';
import { isZone } from '../flows/zoned-time.ts';
import { PropertyType } from '../objects/definition.ts';
import { FilterGroups } from '../objects/filter.ts';

export const DateUnit = z.enum(['day', 'week', 'month', 'quarter', 'fiscalYear']);
export type DateUnit = z.output<typeof DateUnit>;
export const WeekStart = z.enum(['monday', 'sunday']);
export type WeekStart = z.output<typeof WeekStart>;
export const Chart = z.enum(['bar', 'line', 'table', 'number']);
export type Chart = z.output<typeof Chart>;

const propertyName = z.string().check(z.minLength(1), z.maxLength(100));
const PropertyGroup = z.strictObject({ property: propertyName });
const DateGroup = z.strictObject({ date: propertyName, unit: DateUnit });
const GroupBy = z.union([PropertyGroup, DateGroup], 'must be {property} or {date, unit}');
export type GroupBy = z.output<typeof GroupBy>;

/** The measures of answers to surveys: of reports on feedback submissions alone, and of their score, so that they take no property. */
const scoreMeasures = ['NPS', 'CES', 'CSAT'] as const;
export type ScoreMeasure = (typeof scoreMeasures)[number];
export const isScoreMeasure = (type: string): type is ScoreMeasure => scoreMeasures.some((each) => each === type);

const Measure = z.strictObject({
  type: z.enum(['COUNT', 'SUM', 'AVG', ...scoreMeasures], 'must be COUNT, SUM, AVG, NPS, CES or CSAT'),
  property: z.optional(propertyName),
});

const definition = {
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  /** Any name of an object type; kept as its id. */
  objectType: z.string().check(z.minLength(1)),
  filterGroups: z._default(FilterGroups, []),
  measure: Measure,
  groupBy: z.array(GroupBy).check(z.maxLength(3)),
  /** Whose record it is when a report groups by owner: the first owner that it ever had, or the present one. */
  ownerAt: z._default(z.enum(['creation', 'now']), 'now'),
  timeZone: z._default(z.string().check(z.refine(isZone, 'is no time zone that we know')), 'Asia/Tokyo'),
  weekStart: z._default(WeekStart, 'monday'),
  chart: z._default(Chart, 'bar'),
};

export const ReportInput = z.strictObject(definition);
export type ReportInput = z.output<typeof ReportInput>;

/** Defaults would overwrite what the body does not name, so none are filled in. */
export const ReportPatch = z.strictObject({
  name: z.optional(definition.name),
  objectType: z.optional(definition.objectType),
  filterGroups: z.optional(FilterGroups),
  measure: z.optional(Measure),
  groupBy: z.optional(definition.groupBy),
  ownerAt: z.optional(z.enum(['creation', 'now'])),
  timeZone: z.optional(z.string().check(z.refine(isZone, 'is no time zone that we know'))),
  weekStart: z.optional(WeekStart),
  chart: z.optional(Chart),
});
export type ReportPatch = z.output<typeof ReportPatch>;

/**
 * A report as stored. `generation` rises when what it counts changes, and is part of every key of its counters: figures of two
 * definitions never mix. The types of its properties are kept with it, because they never change and the projector reads no definitions.
 */
export const Report = z.object({
  id: z.string(),
  generation: z.number(),
  definition: ReportInput,
  types: z.record(z.string(), z.object({ type: PropertyType, fieldType: z.string() })),
  /** Properties whose change may move a record to another cell; `*` when any may. */
  moves: z.array(z.string()),
  createdProperty: z.string(),
  /** The generation whose back-fill is done; absent until the first is. */
  ready: z.optional(z.number()),
  /** The job that fills the present generation. */
  jobId: z.string(),
  version: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Report = z.output<typeof Report>;

/** A report as the API shows it. `complete`: its figures hold for all records, also those from before it was made. */
export const PublicReport = z.object({
  id: z.string(),
  ...definition,
  complete: z.boolean(),
  jobId: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
type PublicReport = z.output<typeof PublicReport>;

export const isComplete = ({ ready, generation }: Report): boolean => ready === generation;

export const toPublicReport = (report: Report): PublicReport => ({
  id: report.id,
  ...report.definition,
  complete: isComplete(report),
  jobId: report.jobId,
  createdAt: report.createdAt,
  updatedAt: report.updatedAt,
});

/** The records that a report is about. */
export const walkedBy = ({ definition: { objectType }, createdProperty }: Report) => ({ objectType, createdProperty });
