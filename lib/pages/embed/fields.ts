import { isMet } from '../../forms/condition.ts';
import { checkedValue } from '../../forms/field-value.ts';
import type { FieldRules, FormView } from '../form-view.ts';
import { show } from './style.ts';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The controls of a name; several for radios and ticks. */
const controlsOf = (form: HTMLFormElement, name: string): Control[] =>
  [...form.elements].filter((each): each is Control => (each as Control).name === name);

/** What is filled in, as the server will read it. */
const filledIn = (form: HTMLFormElement, name: string): string =>
  new FormData(form)
    .getAll(name)
    .map((value) => String(value).trim())
    .filter(Boolean)
    .join(';');

/** What belongs to a control: its label, hint and error. */
const holderOf = (control: Element): HTMLElement =>
  control.closest<HTMLElement>('.field,fieldset') ??
  control.closest<HTMLElement>('label,p,div') ??
  (control as HTMLElement);

/** Fields that others bring up are there when they are asked, and sent only then. */
export function showDependents(form: HTMLFormElement, fields: readonly FieldRules[]): void {
  for (const { input, onlyIf } of fields) {
    if (!onlyIf) continue;
    const shown = isMet(onlyIf.condition, filledIn(form, onlyIf.input));
    for (const control of controlsOf(form, input)) {
      control.disabled = !shown;
      show(holderOf(control), shown);
    }
  }
}

/** What the server would say, by the same rules, without asking it. */
export function problemsOf(form: HTMLFormElement, { fields, words }: FormView): Map<string, string> {
  const problems = new Map<string, string>();
  for (const { input, fieldType, required, validation } of fields) {
    const [control] = controlsOf(form, input);
    if (!control || control.disabled) continue;
    const value = filledIn(form, input);
    if (value === '') {
      if (required) problems.set(input, words.errors.REQUIRED_FIELD ?? words.otherError);
    } else if (isTyped(fieldType)) {
      const rules = { objectTypeId: '', name: input, fieldType, required, hidden: false, dependentFields: [] };
      const checked = checkedValue({ ...rules, ...(validation && { validation }) }, value);
      if ('problem' in checked) problems.set(input, words.errors[checked.problem.errorType] ?? words.otherError);
    }
  }
  for (const box of form.querySelectorAll<HTMLInputElement>('[name^=consent-][required]'))
    if (!box.checked) problems.set(box.name, words.consentNeeded);
  return problems;
}

/** What is chosen from options is right by itself. */
const isTyped = (type: FieldRules['fieldType']) =>
  ['email', 'phone', 'mobile_phone', 'number', 'datepicker'].includes(type);

/** Says beside each field what is wrong with it, and leads to the first. */
export function showProblems(form: HTMLFormElement, problems: ReadonlyMap<string, string>): void {
  for (const control of form.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
  for (const each of form.querySelectorAll('.error')) each.remove();
  let first: Control | undefined;
  for (const [name, message] of problems) {
    const [control, ...more] = controlsOf(form, name);
    if (!control) continue;
    for (const each of [control, ...more]) each.setAttribute('aria-invalid', 'true');
    const error = document.createElement('p');
    error.className = 'error';
    error.id = `${control.id || name}-error`;
    error.textContent = message;
    const described = (control.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && id !== error.id);
    control.setAttribute('aria-describedby', [...described, error.id].join(' '));
    const holder = name.startsWith('consent-') ? control.closest('label') : undefined;
    if (holder) holder.after(error);
    else holderOf(control).append(error);
    first ??= control;
  }
  first?.focus();
}
