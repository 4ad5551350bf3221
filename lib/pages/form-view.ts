import type { App } from '../core/app.ts';
import { type CaptchaChallenge, newCaptcha } from '../forms/captcha.ts';
import { fieldsOf } from '../forms/field.ts';
import type { DependentCondition, FieldType, FormField } from '../forms/schema.ts';
import { inputName } from './form-field.ts';
import {
  captchaName,
  type FormPage,
  formHtml,
  knownName,
  stampName,
  submissionIdName,
  visitNames,
} from './form-page.ts';
import { type Words, wordsOf } from './words.ts';

/** What the script must know of a field to check it as the server will. */
export type FieldRules = {
  readonly input: string;
  readonly fieldType: FieldType;
  readonly required: boolean;
  readonly validation?: FormField['validation'];
  readonly onlyIf?: { readonly input: string; readonly condition: DependentCondition };
};

/** A form as the script gets it: the same markup as on its own page, and what makes it easier to fill. */
export type FormView = {
  readonly id: string;
  readonly language: string;
  readonly html: string;
  readonly fields: readonly FieldRules[];
  readonly words: Pick<
    Words,
    'errors' | 'otherError' | 'checkInput' | 'consentNeeded' | 'busy' | 'offline' | 'sending' | 'captchaNeeded'
  >;
  /** Values of the page's own inputs. */
  readonly own: Readonly<Record<string, string>>;
  readonly names: { readonly captcha: string; readonly known: string; readonly visit: typeof visitNames };
  readonly captcha?: CaptchaChallenge;
};

/** The view of a page. A captcha comes with it where the form asks for one. */
export async function formView(app: App, page: FormPage): Promise<FormView> {
  const { form, language, submissionId, stamp } = page;
  const { errors, otherError, checkInput, consentNeeded, busy, offline, sending, captchaNeeded } = wordsOf(language);
  return {
    id: form.id,
    language,
    html: formHtml(page).markup,
    fields: fieldsOf(form)
      .filter(({ field }) => !field.hidden)
      .map(({ field, onlyIf }) => ({
        input: inputName(field),
        fieldType: field.fieldType,
        required: field.required,
        ...(field.validation && { validation: digitsOnly(field.validation) }),
        ...(onlyIf && { onlyIf: { input: inputName(onlyIf.controlling), condition: onlyIf.condition } }),
      })),
    words: { errors, otherError, checkInput, consentNeeded, busy, offline, sending, captchaNeeded },
    own: { [submissionIdName]: submissionId, [stampName]: stamp },
    names: { captcha: captchaName, known: knownName, visit: visitNames },
    ...(form.configuration.recaptchaEnabled && { captcha: await newCaptcha(app, form.id) }),
  };
}

/** Whose addresses are not taken is nothing for the public. */
const digitsOnly = ({ minAllowedDigits, maxAllowedDigits }: NonNullable<FormField['validation']>) => ({
  ...(minAllowedDigits !== undefined && { minAllowedDigits }),
  ...(maxAllowedDigits !== undefined && { maxAllowedDigits }),
});
