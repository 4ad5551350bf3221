import { isIP } from 'node:net';
import * as z from 'zod/mini';
import { isMet } from './condition.ts';
import { ConsentInput, consentProblems } from './consent.ts';
import { type AskedField, fieldKey, fieldsOf } from './field.ts';
import { checkedValue } from './field-value.ts';
import { type FormProblem, fieldProblem, InvalidSubmission, tooLarge } from './problem.ts';
import type { FormDefinition } from './schema.ts';

const wordy = z.pipe(
  z.nullish(z.union([z.string(), z.number(), z.boolean()])),
  z.transform((value) => (value == null ? '' : String(value))),
);

/** HubSpot's body of a submission. */
export const SubmissionInput = z.object({
  fields: z._default(z.array(z.object({ objectTypeId: z.nullish(z.string()), name: z.string(), value: wordy })), []),
  submittedAt: z.nullish(z.union([z.number(), z.string()])),
  context: z.nullish(
    z.object({
      hutk: z.nullish(z.string()),
      ipAddress: z.nullish(z.string()),
      pageUri: z.nullish(z.string()),
      pageName: z.nullish(z.string()),
      pageId: z.nullish(z.union([z.string(), z.number()])),
      /** Ours: the page that led to the form's page. */
      referrer: z.nullish(z.string()),
      sfdcCampaignId: z.nullish(z.string()),
    }),
  ),
  legalConsentOptions: z.nullish(ConsentInput),
  skipValidation: z.nullish(z.boolean()),
  /** Ours: the solved captcha of a form that has one (`GET /f/{formId}?format=json` gives it out). */
  captcha: z.nullish(z.string()),
});
export type SubmissionInput = z.output<typeof SubmissionInput>;

export type SubmittedValue = { readonly objectTypeId: string; readonly name: string; readonly value: string };

/** HubSpot's limits: values of a submission, and characters of one. */
const mostValues = 1000;
const longestValue = 65_536;
/** A submission travels in one event and lies in one item; this leaves room for all that is around the values. */
const mostBytes = 200_000;
const largestBody = 1024 * 1024;
const oldestMs = 31 * 24 * 60 * 60 * 1000;
const clockSkewMs = 24 * 60 * 60 * 1000;

/** Reads the body. @throws InvalidSubmission when it is too large, no JSON, or of another shape. */
export function readSubmission(text: string): SubmissionInput {
  if (Buffer.byteLength(text) > largestBody)
    throw new InvalidSubmission([tooLarge(`the body may have ${largestBody} bytes`)]);
  const parsed = SubmissionInput.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  throw new InvalidSubmission(
    parsed.error.issues.map(({ path, message }) => ({
      message: `Error in '${path.join('.') || 'body'}'. ${message}`,
      errorType: path[0] === 'legalConsentOptions' ? 'INVALID_LEGAL_OPTION_FORMAT' : 'INVALID_METADATA',
    })),
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InvalidSubmission([{ message: 'The body is not valid JSON', errorType: 'INVALID_METADATA' }]);
  }
}

/**
 * The values that the visitor gave, normalised and without blanks, and everything that is wrong by the form's definition. `asked` is the
 * part of the form that this visitor saw: required is what stands there.
 */
export function checkSubmission(
  { form, asked: shown }: { readonly form: FormDefinition; readonly asked: FormDefinition },
  input: SubmissionInput,
  now: string,
): { values: SubmittedValue[]; problems: FormProblem[] } {
  if (input.fields.length > mostValues) {
    return {
      values: [],
      problems: [
        { message: `A submission may have ${mostValues} values`, errorType: 'MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED' },
      ],
    };
  }
  const asked = askedIn(form);
  const given = collected(asked, input);
  const filled = [...given].filter(([, { value }]) => value !== '');
  const checks = filled.map(([key, each]) => checkedField(key, each, asked.get(key), input.skipValidation ?? false));
  const values = checks.flatMap((check) => ('value' in check ? [check.value] : []));
  const problems = [
    ...checks.flatMap((check) => ('problem' in check ? [check.problem] : [])),
    ...(input.skipValidation
      ? []
      : [
          ...unknownBlanks(given, asked),
          ...missing(askedIn(shown), given),
          ...consentProblems(form.legalConsentOptions, input.legalConsentOptions ?? undefined),
        ]),
    ...sizeProblems(values, input),
    ...contextProblems(input, now),
  ];
  return { values, problems };
}

type Asked = ReadonlyMap<string, AskedField>;

const askedIn = (form: FormDefinition): Asked => new Map(fieldsOf(form).map((each) => [fieldKey(each.field), each]));
type Given = ReadonlyMap<string, SubmittedValue>;

/** The values by field. A value without an object type belongs to the form's field of that name; ticks of one field are joined. */
function collected(asked: Asked, { fields }: SubmissionInput): Given {
  const given = new Map<string, SubmittedValue>();
  for (const { name, value, ...rest } of fields) {
    const objectTypeId = rest.objectTypeId || typeOf(asked, name);
    const key = fieldKey({ objectTypeId, name });
    const before = given.get(key)?.value;
    const joins = before && asked.get(key)?.field.fieldType === 'multiple_checkboxes';
    given.set(key, { objectTypeId, name, value: joins ? `${before};${value.trim()}` : value.trim() });
  }
  return given;
}

function typeOf(asked: Asked, name: string): string {
  if (asked.has(fieldKey({ objectTypeId: '0-1', name }))) return '0-1';
  return [...asked.values()].find(({ field }) => field.name === name)?.field.objectTypeId ?? '0-1';
}

type CheckedField = { readonly value: SubmittedValue } | { readonly problem: FormProblem };

function checkedField(key: string, given: SubmittedValue, asked: AskedField | undefined, skip: boolean): CheckedField {
  if (given.value.length > longestValue)
    return { problem: { ...tooLarge(`"${given.name}" may have ${longestValue} characters`), field: key } };
  if (skip) return { value: given };
  if (!asked) return { problem: unknownField(key) };
  const checked = checkedValue(asked.field, given.value);
  return 'problem' in checked ? checked : { value: { ...given, value: checked.value } };
}

const unknownField = (key: string) =>
  fieldProblem(key, 'FIELD_NOT_IN_FORM_DEFINITION', 'The field is not in the form definition');

const unknownBlanks = (given: Given, asked: Asked): FormProblem[] =>
  [...given].filter(([key, { value }]) => value === '' && !asked.has(key)).map(([key]) => unknownField(key));

/** Required fields that are blank; a dependent one only when what it depends on brought it up. */
const missing = (asked: Asked, given: Given): FormProblem[] =>
  [...asked].flatMap(([key, { field, onlyIf }]) => {
    const shown = !onlyIf || isMet(onlyIf.condition, given.get(fieldKey(onlyIf.controlling))?.value ?? '');
    const value = given.get(key)?.value ?? '';
    const blank = field.fieldType === 'single_checkbox' ? !/^(true|yes|on|1)$/i.test(value) : value === '';
    return field.required && shown && blank
      ? [fieldProblem(key, 'REQUIRED_FIELD', `Required field '${field.name}' is missing`)]
      : [];
  });

const sizeProblems = (values: readonly SubmittedValue[], { legalConsentOptions }: SubmissionInput) =>
  Buffer.byteLength(JSON.stringify([values, legalConsentOptions])) > mostBytes
    ? [tooLarge(`all values and consent texts together may have ${mostBytes} bytes`)]
    : [];

function contextProblems({ context, submittedAt }: SubmissionInput, now: string): FormProblem[] {
  const wrong = (name: string, errorType: FormProblem['errorType'], reason: string) => [
    { message: `Error in 'context.${name}'. ${reason}`, errorType },
  ];
  const { pageUri, hutk, ipAddress, pageName } = context ?? {};
  return [
    ...(pageUri && !isPageUri(pageUri)
      ? wrong('pageUri', 'INVALID_PAGE_URI', 'It is not an http or https address')
      : []),
    ...(hutk && !isHutk(hutk) ? wrong('hutk', 'INVALID_HUTK', 'It is not a tracking cookie') : []),
    ...(ipAddress && isIP(ipAddress) === 0 ? wrong('ipAddress', 'INVALID_IP_ADDRESS', 'It is not an IP address') : []),
    ...(pageName && pageName.length > 2000 ? wrong('pageName', 'INVALID_METADATA', 'It may have 2000 characters') : []),
    ...(submittedAt != null && timeOf(submittedAt, now) === undefined
      ? [
          {
            message: "Error in 'submittedAt'. It is not a time in milliseconds within the last month",
            errorType: 'INVALID_METADATA' as const,
          },
        ]
      : []),
  ];
}

/** The tracking cookie's value. */
export const isHutk = (value: string): boolean => /^[0-9a-f]{32}$/i.test(value);

export const isPageUri = (uri: string): boolean =>
  uri.length <= 4000 && URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol);

/** When it was submitted, as ISO 8601; undefined for a time that HubSpot's API would not take. */
export function timeOf(submittedAt: SubmissionInput['submittedAt'], now: string): string | undefined {
  if (submittedAt == null) return now;
  const at = typeof submittedAt === 'number' || /^\d+$/.test(submittedAt) ? Number(submittedAt) : Number.NaN;
  const age = Date.parse(now) - at;
  return age <= oldestMs && age >= -clockSkewMs ? new Date(at).toISOString() : undefined;
}
