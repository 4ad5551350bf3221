import * as z from 'zod/mini';
import { associate } from '../../associations/store.ts';
import { CrmError } from '../../core/errors.ts';
import { findByValue } from '../../objects/read-store.ts';
import { defineAction, effect, nothing } from '../action.ts';
import type { Facts } from '../facts.ts';
import { Target, targetNow } from '../values.ts';

const TypeId = z.string().check(z.regex(/^\d+-\d+$/, 'must be an object type id such as 0-3'));
/** A property's name, plain or as `0-1/name`. */
const PropertyName = z.string().check(z.regex(/^(\d+-\d+\/)?\S+$/));
const plainName = (name: string) => name.slice(name.indexOf('/') + 1);

/** More records with one value than this are no match but a list. */
const most = 25;

/** Associate records by equal values, e.g. the new ticket with the deal that has the contact's 広告主ID. */
export const action = defineAction({
  typeId: '0-63189541',
  name: 'associate by equal values',
  fields: z.object({
    fromObjectType: TypeId,
    toObjectType: TypeId,
    enrolledObjectPropertyNameToMatch: PropertyName,
    associatedObjectPropertyNameToMatch: PropertyName,
    target: Target,
  }),
  plan: (
    { fromObjectType, toObjectType, enrolledObjectPropertyNameToMatch, associatedObjectPropertyNameToMatch, target },
    facts,
  ) => {
    const { objectType, id } = targetNow(target, facts);
    if (objectType !== fromObjectType) {
      throw new CrmError(
        'VALIDATION_ERROR',
        `fromObjectType is ${fromObjectType}, but the record is of type ${objectType}`,
      );
    }
    const value = valueToMatch(enrolledObjectPropertyNameToMatch, facts, target);
    if (!value) return nothing(`${enrolledObjectPropertyNameToMatch} has no value`, { associated: [] });
    const property = plainName(associatedObjectPropertyNameToMatch);
    return effect({ from: { objectType, id }, toObjectType, property, value });
  },
  run: async ({ from, toObjectType, property, value }, { app, mark, guard }) => {
    const found = await findByValue(app, toObjectType, property, value, most + 1);
    const ids = found.slice(0, most).filter((id) => toObjectType !== from.objectType || id !== from.id);
    const output = { associated: ids, ...(found.length > most && { more: true }) };
    // Associating again changes nothing, so only the last one carries the mark.
    for (const [index, id] of ids.entries()) {
      const to = { objectType: toObjectType, id };
      const last = index === ids.length - 1;
      await associate(app, from, to, 'default', { also: () => guard, ...(last && { once: () => mark(output) }) });
    }
    return output;
  },
});

/** The value is the enrolled record's, unless the name's type says that it is the target's. */
function valueToMatch(name: string, facts: Facts, target: z.output<typeof Target>): string | undefined {
  const property = plainName(name);
  const subject = targetNow(target, facts);
  const type = name.includes('/') ? name.slice(0, name.indexOf('/')) : facts.enrolled.objectType;
  if (type !== facts.enrolled.objectType && type === subject.objectType) return subject.properties[property];
  return facts.enrolled.properties[property];
}
