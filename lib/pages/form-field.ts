import { fieldKey, isChoice } from '../forms/field.ts';
import type { DependentFormField, FieldType, FormField } from '../forms/schema.ts';
import { attributes, type Html, html, lines, plainText } from './html.ts';
import type { Words } from './words.ts';

type AnyField = FormField | DependentFormField;

export type FieldView = {
  readonly field: AnyField;
  readonly value: string;
  readonly error?: string | undefined;
  /** The label of the field that brings this one up. */
  readonly dependsOn?: string | undefined;
  readonly words: Words;
};

/** The name of a field in the page's form post; a name alone is a property of the contact. */
export const inputName = (field: Pick<AnyField, 'objectTypeId' | 'name'>): string =>
  field.objectTypeId === '0-1' ? field.name : fieldKey(field);

/** The id of a field's element in the page, for labels and for links from the list of errors. */
export const elementId = (field: Pick<AnyField, 'objectTypeId' | 'name'>): string =>
  `f-${inputName(field).replace(/[^\w-]/g, '-')}`;

const labelOf = (field: AnyField) => field.label ?? field.name;

/** One field with its label, hint and error. Hidden fields carry their value only. */
export function fieldHtml(view: FieldView): Html {
  const { field, value } = view;
  if (field.hidden) return html`<input type="hidden"${attributes({ name: inputName(field), value })}>`;
  if (field.fieldType === 'single_checkbox') return tickHtml(view);
  return isChoice(field) && field.fieldType !== 'dropdown' ? choicesHtml(view) : inputHtml(view);
}

const hintId = (field: AnyField) => `${elementId(field)}-hint`;
const errorId = (field: AnyField) => `${elementId(field)}-error`;
const hasHint = ({ field, dependsOn }: FieldView) => Boolean(field.description || dependsOn);
const described = (view: FieldView) =>
  [hasHint(view) && hintId(view.field), view.error && errorId(view.field)].filter(Boolean).join(' ') || undefined;
/** A field that another one brings up cannot be required by the browser, which does not know whether it was. */
const required = ({ field, dependsOn }: FieldView) => field.required && !dependsOn;

const mark = (view: FieldView) => required(view) && html`<span class="mark">${view.words.required}</span>`;

const hint = (view: FieldView): Html | false => {
  const { field, dependsOn, words } = view;
  const texts = [field.description && plainText(field.description), dependsOn && words.onlyIf(dependsOn)]
    .filter(Boolean)
    .join('\n');
  return hasHint(view) && html`<p class="hint" id="${hintId(field)}">${lines(texts)}</p>`;
};

const error = ({ field, error }: FieldView): Html | false =>
  Boolean(error) && html`<p class="error" id="${errorId(field)}">${error}</p>`;

const inputs: Readonly<Partial<Record<FieldType, Readonly<Record<string, string>>>>> = {
  email: { type: 'email', autocomplete: 'email' },
  phone: { type: 'tel', autocomplete: 'tel' },
  mobile_phone: { type: 'tel', autocomplete: 'tel' },
  number: { type: 'text', inputmode: 'decimal' },
  datepicker: { type: 'date' },
  file: { type: 'url' },
};

const completions: Readonly<Record<string, string>> = {
  firstname: 'given-name',
  lastname: 'family-name',
  company: 'organization',
  jobtitle: 'organization-title',
  zip: 'postal-code',
  city: 'address-level2',
  state: 'address-level1',
  address: 'street-address',
};

function inputHtml(view: FieldView): Html {
  const { field, value } = view;
  const common = {
    id: elementId(field),
    name: inputName(field),
    required: required(view),
    'aria-invalid': view.error ? 'true' : undefined,
    'aria-describedby': described(view),
  };
  return html`<div class="field"><label for="${elementId(field)}">${labelOf(field)}${mark(view)}</label>${hint(view)}${control(view, common, value)}${error(view)}</div>`;
}

function control({ field, words }: FieldView, common: Parameters<typeof attributes>[0], value: string): Html {
  if (field.fieldType === 'dropdown') {
    const options = (field.options ?? []).map(
      (option) =>
        html`<option${attributes({ value: option.value, selected: option.value === value })}>${option.label}</option>`,
    );
    return html`<select${attributes(common)}><option value="">${field.placeholder || words.choose}</option>${options}</select>`;
  }
  const typing = { ...common, placeholder: field.placeholder || undefined, autocomplete: completions[field.name] };
  // The line break is the parser's: the first one after the tag is not part of the value.
  if (field.fieldType === 'multi_line_text')
    return html`<textarea${attributes({ ...typing, rows: 5 })}>${'\n'}${value}</textarea>`;
  return html`<input${attributes({ type: 'text', ...typing, ...inputs[field.fieldType], value })}>`;
}

function choicesHtml(view: FieldView): Html {
  const { field, value } = view;
  const several = field.fieldType === 'multiple_checkboxes';
  const chosen = several ? value.split(';') : [value];
  const options = (field.options ?? []).map((option, position) => {
    const given = {
      type: several ? 'checkbox' : 'radio',
      id: position === 0 ? elementId(field) : undefined,
      name: inputName(field),
      value: option.value,
      checked: chosen.includes(option.value),
      required: !several && required(view),
      'aria-invalid': view.error ? 'true' : undefined,
    };
    return html`<label class="choice"><input${attributes(given)}><span>${option.label}</span></label>`;
  });
  return html`<fieldset${attributes({ 'aria-describedby': described(view) })}><legend>${labelOf(field)}${mark(view)}</legend>${hint(view)}${options}${error(view)}</fieldset>`;
}

function tickHtml(view: FieldView): Html {
  const { field, value } = view;
  const given = {
    type: 'checkbox',
    id: elementId(field),
    name: inputName(field),
    value: 'true',
    checked: value === 'true',
    required: required(view),
    'aria-invalid': view.error ? 'true' : undefined,
    'aria-describedby': described(view),
  };
  return html`<div class="field"><label class="choice"><input${attributes(given)}><span>${labelOf(field)}${mark(view)}</span></label>${hint(view)}${error(view)}</div>`;
}
