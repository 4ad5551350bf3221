import { fieldsOf } from '../forms/field.ts';
import type { FormDefinition } from '../forms/schema.ts';
import { isHutk, isPageUri, type SubmissionInput } from '../forms/submission.ts';
import { consentGiven } from './consent.ts';
import { inputName } from './form-field.ts';
import { submissionIdName, visitNames } from './form-page.ts';

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
    context: visitIn(form, given, pageUri),
    legalConsentOptions: consentGiven(form.legalConsentOptions, given),
  };
}

/** What the script says of the page that holds the form; what is of no use is left out, for it is not the visitor's to put right. */
function visitIn(form: FormDefinition, given: ReadonlyMap<string, string>, ownUri: string): SubmissionInput['context'] {
  const said = given.get(visitNames.pageUri) ?? '';
  const referrer = given.get(visitNames.referrer);
  const hutk = given.get(visitNames.hutk) ?? '';
  return {
    pageUri: isPageUri(said) ? said : ownUri,
    pageName: (given.get(visitNames.pageName) || form.name).slice(0, 2000),
    ...(referrer && isPageUri(referrer) && { referrer }),
    ...(isHutk(hutk) && { hutk }),
  };
}

/** The id that the page carried; nothing for a post that came from elsewhere. */
export function pageSubmissionId(given: ReadonlyMap<string, string>): string | undefined {
  const id = given.get(submissionIdName);
  return id && /^[0-9a-f-]{36}$/.test(id) ? id : undefined;
}
