import * as z from 'zod/mini';
import { updateRecord } from '../../objects/store.ts';
import { defineAction, effect } from '../action.ts';
import { Target, targetNow, Value, valueNow } from '../values.ts';

/** Set a property: `{property_name, value}` of the enrolled record or of `target`. A source without a value clears the property. */
export const action = defineAction({
  typeId: '0-5',
  name: 'set property',
  fields: z.object({
    property_name: z.string().check(z.minLength(1)),
    value: Value,
    target: Target,
    association: z.optional(z.strictObject({})),
  }),
  plan: ({ property_name, value, target }, facts) => {
    const { objectType, id } = targetNow(target, facts);
    return effect({ objectType, id, property: property_name, value: valueNow(value, facts) ?? null });
  },
  run: async ({ objectType, id, property, value }, { app, mark, guard }) => {
    const output = { objectType, recordId: id, property, value };
    await updateRecord(app, objectType, { id }, { [property]: value }, { once: () => mark(output), also: () => guard });
    return output;
  },
});
