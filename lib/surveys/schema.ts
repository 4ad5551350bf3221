import * as z from 'zod/mini';
import { readDatetime } from '../objects/moment.ts';

export const surveyTypes = ['NPS', 'CES', 'CSAT', 'CUSTOM'] as const;
export type SurveyType = (typeof surveyTypes)[number];
const languages = ['ja', 'en'] as const;
export type SurveyLanguage = (typeof languages)[number];

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
/** A line of a header or a heading: control characters have no place in it. */
const line = (most: number) => text(most).check(z.regex(/^[^\p{Cc}]*$/u, 'must be one line'));

const questionTypes = ['score', 'text', 'select', 'multiselect'] as const;

/** A question that is asked when an earlier one was answered so: with a score within the bounds, or with one of these options or scores. */
const ShowIf = z.strictObject({
  questionId: z.string(),
  min: z.optional(z.int()),
  max: z.optional(z.int()),
  in: z.optional(z.array(z.string()).check(z.minLength(1), z.maxLength(50))),
});
export type ShowIf = z.output<typeof ShowIf>;

/** The id names the input of the page and stands in stored answers. */
export const Question = z.strictObject({
  id: z.string().check(z.regex(/^[a-z][a-z0-9_]{0,39}$/, 'must be 1 to 40 of a-z, 0-9 and _, a letter first')),
  type: z.enum(questionTypes),
  label: text(500),
  /** Several chosen ones are stored with `;` between them, as HubSpot stores them. */
  options: z.optional(
    z.array(line(100).check(z.regex(/^[^;]*$/, 'must not hold a semicolon'))).check(z.minLength(1), z.maxLength(50)),
  ),
  required: z.optional(z.boolean()),
  showIf: z.optional(ShowIf),
});
export type Question = z.output<typeof Question>;

/** The thanks for scores within the bounds, both included; a bound that is absent does not bind. */
const Thanks = z.strictObject({ min: z.optional(z.int()), max: z.optional(z.int()), text: text(2000) });

const Moment = z.string().check(z.refine((value) => readDatetime(value) !== undefined, 'must be an ISO 8601 time'));

const fields = {
  name: line(200),
  type: z.enum(surveyTypes),
  language: z.enum(languages),
  questions: z.array(Question).check(z.minLength(1), z.maxLength(20)),
  thanks: z.array(Thanks).check(z.maxLength(20)),
  closesAt: z.optional(z.nullable(Moment)),
  senderName: z.optional(line(100)),
  subject: z.optional(line(200)),
  introduction: z.optional(text(2000)),
  /** Answers are kept without anything that leads to whom they are of. `lib/surveys/blind-answer.ts` says how. */
  anonymous: z.optional(z.boolean()),
};

/** What is left out of a new survey is filled in by its type and language. */
export const SurveyInput = z.strictObject({
  ...fields,
  language: z._default(z.enum(languages), 'ja'),
  questions: z.optional(fields.questions),
  thanks: z.optional(fields.thanks),
});
export type SurveyInput = z.output<typeof SurveyInput>;

export const SurveyPatch = z.partial(z.strictObject(fields));
export type SurveyPatch = z.output<typeof SurveyPatch>;

/** A survey as the API shows it. */
export const Survey = z.object({
  ...fields,
  id: z.string(),
  closesAt: z.optional(z.string()),
  /** Only a published survey is sent and takes answers. */
  status: z.enum(['DRAFT', 'PUBLISHED']),
  publishedAt: z.optional(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Survey = z.output<typeof Survey>;

export const StoredSurvey = z.extend(Survey, { version: z.number(), archivedAt: z.optional(z.string()) });
export type StoredSurvey = z.output<typeof StoredSurvey>;

/** Whether answers are taken at this time. */
export const isOpen = ({ status, closesAt, archivedAt }: StoredSurvey, now: string): boolean =>
  status === 'PUBLISHED' && archivedAt === undefined && (closesAt === undefined || closesAt > now);
