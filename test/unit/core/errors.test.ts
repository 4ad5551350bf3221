import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { CrmError, fromZod, toErrorBody } from '../../../lib/core/errors.ts';

const schema = z.strictObject({ name: z.string(), labels: z.object({ singular: z.string() }) });
const refusal = (value: unknown) => {
  const result = schema.safeParse(value, { reportInput: true });
  return fromZod(result.error?.issues ?? [], 'body');
};

test('every missing and unknown field of a body is named', () => {
  const error = refusal({ labels: {}, colour: 'red' });
  expect(error.message).toBe(
    'Invalid input JSON on line 1, column 1: Some required fields were not set: [name, labels.singular]',
  );
  expect(error.options.errors).toEqual([
    { message: 'name is required', code: 'REQUIRED_FIELD', in: 'name' },
    { message: 'labels.singular is required', code: 'REQUIRED_FIELD', in: 'labels.singular' },
    { message: 'Unknown field colour', code: 'UNKNOWN_FIELD', in: 'colour' },
  ]);
});

test('the body has the fields of HubSpot and leaves absent ones out', () => {
  expect(toErrorBody(new CrmError('OBJECT_NOT_FOUND', 'resource not found'), 'c-1')).toEqual({
    status: 'error',
    message: 'resource not found',
    correlationId: 'c-1',
    category: 'OBJECT_NOT_FOUND',
  });
});
