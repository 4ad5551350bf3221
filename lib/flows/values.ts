import * as z from 'zod/mini';
import { CrmError } from '../core/errors.ts';
import type { Facts, Subject } from './facts.ts';
import { outputValue, render } from './tokens.ts';
import { durationMs, timeUnits } from './zoned-time.ts';

const Static = z.object({
  type: z.literal('STATIC_VALUE'),
  staticValue: z.nullable(z.union([z.string(), z.number(), z.boolean()])),
});
const ObjectProperty = z.object({ type: z.literal('OBJECT_PROPERTY'), propertyName: z.string().check(z.minLength(1)) });
const FieldData = z.object({ type: z.literal('FIELD_DATA'), actionId: z.string(), dataKey: z.string() });
const Timestamp = z.object({ type: z.literal('TIMESTAMP') });
const RelativeDate = z.object({
  type: z.literal('RELATIVE_DATETIME'),
  timeDelay: z.object({ delta: z.coerce.number(), timeUnit: z.enum(timeUnits) }),
});

/** Where a value comes from: fixed (with tokens), the enrolled record, an earlier action, or the clock. */
export const Value = z.discriminatedUnion('type', [Static, ObjectProperty, FieldData, Timestamp, RelativeDate]);
export type Value = z.output<typeof Value>;

/** The value now; undefined when its source has none. */
export function valueNow(value: Value, facts: Facts): string | undefined {
  switch (value.type) {
    case 'STATIC_VALUE':
      return value.staticValue === null ? undefined : render(String(value.staticValue), facts);
    case 'OBJECT_PROPERTY':
      return facts.enrolled.properties[value.propertyName];
    case 'FIELD_DATA':
      return outputValue(facts, value.actionId, value.dataKey);
    case 'TIMESTAMP':
      return facts.now;
    case 'RELATIVE_DATETIME':
      return new Date(
        Date.parse(facts.now) + durationMs(value.timeDelay.delta, value.timeDelay.timeUnit),
      ).toISOString();
  }
}

/**
 * Which record an action acts on: the enrolled one unless it names the record that an earlier action made, or the one record of a type
 * that the enrolled one is associated with (a survey's answer: the ticket that it is about).
 */
export const Target = z.optional(
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('ENROLLED_OBJECT') }),
    z.object({ type: z.literal('ACTION_OUTPUT'), actionId: z.string() }),
    z.object({
      type: z.literal('ASSOCIATED_OBJECT'),
      objectTypeId: z.string().check(z.regex(/^\d+-\d+$/, 'must be an object type id such as 0-5')),
    }),
  ]),
);
export type Target = z.output<typeof Target>;

/**
 * @throws CrmError when the earlier action made no record (another branch was taken) or the record is gone, and when there is no
 * associated record, or more than one: which is meant, nobody could tell
 */
export function targetNow(target: Target, facts: Facts): Subject {
  switch (target?.type) {
    case 'ACTION_OUTPUT':
      return madeBy(target.actionId, facts);
    case 'ASSOCIATED_OBJECT':
      return associatedOf(target.objectTypeId, facts);
    default:
      return facts.enrolled;
  }
}

function madeBy(actionId: string, { made }: Facts): Subject {
  const subject = made[actionId];
  if (!subject) throw new CrmError('VALIDATION_ERROR', `Action ${actionId} has made no record that is still there`);
  return subject;
}

function associatedOf(objectTypeId: string, { associated }: Facts): Subject {
  const [subject, ...others] = associated[objectTypeId] ?? [];
  if (!subject)
    throw new CrmError('VALIDATION_ERROR', `The record is associated with no record of the type ${objectTypeId}`);
  if (others.length > 0)
    throw new CrmError('VALIDATION_ERROR', `The record is associated with several records of the type ${objectTypeId}`);
  return subject;
}

/** HubSpot sends flags of actions as booleans or as their text. */
export const Flag = z._default(
  z.pipe(
    z.union([z.boolean(), z.enum(['true', 'false'])]),
    z.transform((flag) => flag === true || flag === 'true'),
  ),
  false,
);
