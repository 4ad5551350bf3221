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

test('a field that is not as it must be is told with what may be', () => {
  const limits = z.object({
    kind: z.enum(['A', 'B']),
    name: z.string().check(z.maxLength(3)),
    inputs: z.array(z.string()).check(z.minLength(1)),
    limit: z.number().check(z.maximum(100)),
    flag: z.boolean(),
    own: z.string().check(z.regex(/x/, 'must have an x')),
  });
  const given = { kind: 'C', name: 'long', inputs: [], limit: 101, flag: 'yes', own: 'y' };
  const { error } = limits.safeParse(given, { reportInput: true });
  expect(fromZod(error?.issues ?? [], 'query').options.errors?.map(({ message }) => message)).toEqual([
    'kind: must be one of [A, B]',
    'name: must be at most 3 characters long',
    'inputs: must be at least 1 items long',
    'limit: must be at most 100',
    'flag: must be of type boolean',
    'own: must have an x',
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
