import { fieldsOf } from '../forms/field.ts';
import type { FormDefinition } from '../forms/schema.ts';
import type { SubmissionInput } from '../forms/submission.ts';
import { consentGiven } from './consent.ts';
import { inputName } from './form-field.ts';
import { submissionIdName, trapName } from './form-page.ts';

/** What a browser sent: the last value of each input, ticks of one name joined. */
export function givenIn(form: FormDefinition, sent: URLSearchParams): Map<string, string> {
  const joined = new Set(
    fieldsOf(form)
      .filter(({ field }) => field.fieldType === 'multiple_checkboxes')
      .map(({ field }) => inputName(field)),
  );
  const given = new Map<string, string>();
  for (const [name, value] of sent) {
    const before = given.get(name);
    given.set(name, before && joined.has(name) ? `${before};${value}` : value);
  }
  return given;
}

/** Values that come with the page's address: of fields alone, because consent is for the visitor to give, not for a link. */
export function prefilled(form: FormDefinition, query: Readonly<Record<string, string>>): Map<string, string> {
  const names = new Set(fieldsOf(form).map(({ field }) => inputName(field)));
  return new Map(Object.entries(query).filter(([name]) => names.has(name)));
}

/** Whether a program filled what no person sees. */
export const isTrapped = (given: ReadonlyMap<string, string>): boolean => Boolean(given.get(trapName)?.trim());

/** The submission that the form API would get; browsers send line breaks as CR LF. */
export function submissionOf(
  form: FormDefinition,
  given: ReadonlyMap<string, string>,
  pageUri: string,
): SubmissionInput {
  return {
    fields: fieldsOf(form).map(({ field }) => ({
      objectTypeId: field.objectTypeId,
      name: field.name,
      value: (given.get(inputName(field)) ?? '').replaceAll('\r\n', '\n'),
    })),
    context: { pageUri, pageName: form.name },
    legalConsentOptions: consentGiven(form.legalConsentOptions, given),
  };
}

/** The id that the page carried; nothing for a post that came from elsewhere. */
export function pageSubmissionId(given: ReadonlyMap<string, string>): string | undefined {
  const id = given.get(submissionIdName);
  return id && /^[0-9a-f-]{36}$/.test(id) ? id : undefined;
}
