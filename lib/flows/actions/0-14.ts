import * as z from 'zod/mini';
import { AssociationSpec } from '../../associations/schema.ts';
import { createRecord } from '../../objects/store.ts';
import { defineAction, effect } from '../action.ts';
import { Target, targetNow, Value, valueNow } from '../values.ts';

/** Create a record of any type, associated with the enrolled record or with one that an earlier action made. */
export const action = defineAction({
  typeId: '0-14',
  name: 'create record',
  makesRecord: true,
  fields: z.object({
    object_type_id: z.string().check(z.regex(/^\d+-\d+$/, 'must be an object type id such as 0-5')),
    properties: z._default(z.array(z.object({ targetProperty: z.string().check(z.minLength(1)), value: Value })), []),
    associations: z._default(z.array(z.object({ target: AssociationSpec, value: Target })), []),
  }),
  plan: ({ object_type_id, properties, associations }, facts) => {
    const values = properties.map(({ targetProperty, value }): [string, string | undefined] => [
      targetProperty,
      valueNow(value, facts),
    ]);
    return effect({
      objectType: object_type_id,
      properties: Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== undefined)),
      associations: associations.map(({ target, value }) => ({
        to: { id: targetNow(value, facts).id },
        types: [target],
      })),
    });
  },
  run: async ({ objectType, properties, associations }, { app, mark, guard }) => {
    const outputOf = (id: string) => ({ objectType, recordId: id });
    const record = await createRecord(app, objectType, properties, {
      once: ({ id }) => mark(outputOf(id)),
      also: () => guard,
      associations,
    });
    return outputOf(record.id);
  },
});
