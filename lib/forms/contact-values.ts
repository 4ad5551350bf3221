import type { ObjectType } from '../objects/definition.ts';
import { plainId } from './find-other.ts';
import type { FormDefinition } from './schema.ts';
import type { SubmittedValue } from './submission.ts';

const contacts = '0-1';

/**
 * What a submission sets on the contact: its own fields, the lifecycle stage that the form gives, and the ID by which a record of
 * another type is known (広告主ID of a deal), where contacts have a property of that name. Nothing is cleared: blanks are not here.
 */
export function contactValues(
  form: FormDefinition,
  values: readonly SubmittedValue[],
  types: ReadonlyMap<string, ObjectType>,
): Record<string, string> {
  const own = values.filter(({ objectTypeId }) => objectTypeId === contacts);
  const writable = (name: string) =>
    types.get(contacts)?.properties.get(name)?.modificationMetadata.readOnlyValue === false;
  const references = values.filter(
    ({ objectTypeId, name }) =>
      objectTypeId !== contacts && types.get(objectTypeId)?.properties.get(name)?.hasUniqueValue && writable(name),
  );
  const stage = form.configuration.lifecycleStages?.find(({ objectTypeId }) => objectTypeId === contacts)?.value;
  return {
    ...Object.fromEntries(references.map(({ name, value }) => [name, plainId(value)])),
    ...(stage && { lifecyclestage: stage }),
    ...Object.fromEntries(own.map(({ name, value }) => [name, value])),
  };
}
