import { CrmError, type ErrorDetail, fromZod } from '../core/errors.ts';
import type { ObjectType, PropertyDefinition } from '../objects/definition.ts';
import { completed, fieldKey, fieldsOf, isChoice } from './field.ts';
import { type DependentFormField, type FormField, FormInput, type FormPatch, type StoredForm } from './schema.ts';

/** The object types that the fields of a form write to, by the id that the form gives. */
export type TypesOfForm = ReadonlyMap<string, ObjectType>;

/** A form that did not exist before. */
export const newForm = (input: FormInput, at: { id: string; now: string }): StoredForm => ({
  ...input,
  id: at.id,
  createdAt: at.now,
  updatedAt: at.now,
  archived: false,
  version: 1,
});

/** The form with new content under its old id. */
export const replacedForm = ({ id, createdAt, version }: StoredForm, input: FormInput, now: string): StoredForm => ({
  ...input,
  id,
  createdAt,
  updatedAt: now,
  archived: false,
  version: version + 1,
});

/** The form with the parts that the patch names changed. @throws CrmError 400 when a part does not fit. */
export function patchedForm(form: StoredForm, { archived, ...patch }: FormPatch, now: string): StoredForm {
  const merged = {
    ...form,
    ...patch,
    configuration: { ...form.configuration, ...patch.configuration },
    displayOptions: { ...form.displayOptions, ...patch.displayOptions },
  };
  const parsed = FormInput.safeParse(merged, { reportInput: true });
  if (!parsed.success) throw fromZod(parsed.error.issues, 'body');
  const changed = replacedForm(form, parsed.data, now);
  return archived ? archivedForm(changed, now) : changed;
}

export const archivedForm = (form: StoredForm, now: string): StoredForm => ({
  ...form,
  archived: true,
  archivedAt: now,
  version: form.version + 1,
});

/**
 * The form with labels and options filled in from the properties that it writes to.
 * @throws CrmError 400 naming every field that no property stands behind or whose options are not the property's.
 */
export function fittedForm<F extends FormInput>(form: F, types: TypesOfForm): F {
  const fields = fieldsOf(form).map(({ field }) => field);
  const problems = [...fields.flatMap((field) => problemsOf(field, types)), ...repeated(fields)];
  if (problems.length > 0) {
    const message = `The form's fields are not valid: ${problems.map((problem) => problem.message).join('; ')}`;
    throw new CrmError('VALIDATION_ERROR', message, { errors: problems });
  }
  const complete = <T extends FormField | DependentFormField>(field: T): T =>
    completed(field, propertyOf(field, types));
  const fieldGroups = form.fieldGroups.map((group) => ({
    ...group,
    fields: group.fields.map((field) => ({
      ...complete(field),
      dependentFields: field.dependentFields.map((each) => ({
        ...each,
        dependentField: complete(each.dependentField),
      })),
    })),
  }));
  return { ...form, fieldGroups };
}

type AnyField = FormField | DependentFormField;

const propertyOf = ({ objectTypeId, name }: AnyField, types: TypesOfForm): PropertyDefinition | undefined =>
  types.get(objectTypeId)?.properties.get(name);

function problemsOf(field: AnyField, types: TypesOfForm): ErrorDetail[] {
  const { name, objectTypeId } = field;
  const at = { context: { propertyName: [name], objectTypeId: [objectTypeId] } };
  const property = propertyOf(field, types);
  if (!property)
    return [
      {
        message: `Property "${name}" does not exist for object type ${objectTypeId}`,
        code: 'PROPERTY_DOESNT_EXIST',
        ...at,
      },
    ];
  if (property.modificationMetadata.readOnlyValue)
    return [{ message: `"${name}" is a read only property; its value cannot be set.`, code: 'READ_ONLY_VALUE', ...at }];
  if (!isChoice(field)) return [];
  return optionProblems(field, property).map((message) => ({ message, code: 'INVALID_OPTION', ...at }));
}

function optionProblems({ name, options = [] }: AnyField, property: PropertyDefinition): string[] {
  if (property.type !== 'enumeration' && property.type !== 'bool')
    return options.length === 0 ? [`"${name}" has no options to choose from`] : [];
  const known = new Set(property.options.map(({ value }) => value));
  return options
    .filter(({ value }) => !known.has(value))
    .map(({ value }) => `"${value}" is not one of the options of "${name}"`);
}

function repeated(fields: readonly AnyField[]): ErrorDetail[] {
  const keys = fields.map(fieldKey);
  const twice = new Set(keys.filter((key, position) => keys.indexOf(key) !== position));
  return [...twice].map((key) => ({
    message: `The field ${key} is in the form twice`,
    code: 'DUPLICATE_FIELD',
    context: { propertyName: [key.split('/')[1] ?? key] },
  }));
}
