import * as z from 'zod/mini';
import { Moment } from '../objects/input.ts';

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
const name = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9_-]{0,99}$/, 'must start with a letter and have small letters, digits, _ and - only'));

const Option = z.object({
  label: z.string(),
  value: z.string(),
  hidden: z._default(z.boolean(), false),
  displayOrder: z.optional(z.number()),
  description: z.optional(z.string()),
});
const Options = z.optional(z.array(Option).check(z.maxLength(500)));
const Description = z.optional(z.string().check(z.maxLength(5000)));

/** A property of a custom event, as HubSpot shows it. */
export const EventProperty = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  description: Description,
  options: z._default(z.array(Option), []),
});
export type EventProperty = z.output<typeof EventProperty>;

export const EventPropertyInput = z.object({
  name: z.optional(name),
  label: text(250),
  type: z.string(),
  description: Description,
  options: Options,
});
export type EventPropertyInput = z.output<typeof EventPropertyInput>;
export const EventPropertyPatch = z.object({
  label: z.optional(text(250)),
  description: Description,
  options: Options,
});

export const DefinitionInput = z.object({
  label: text(100),
  name: z.optional(name),
  description: Description,
  primaryObject: z.optional(z.string()),
  includeDefaultProperties: z._default(z.boolean(), false),
  propertyDefinitions: z._default(z.array(EventPropertyInput).check(z.maxLength(50)), []),
});
export type DefinitionInput = z.output<typeof DefinitionInput>;
export const DefinitionPatch = z.object({ label: z.optional(text(100)), description: Description });

/** A custom event's definition, as HubSpot shows it. */
export const PublicDefinition = z.object({
  id: z.string(),
  name: z.string(),
  fullyQualifiedName: z.string(),
  labels: z.object({ singular: z.string(), plural: z.string() }),
  description: Description,
  primaryObject: z.string(),
  primaryObjectId: z.string(),
  objectTypeId: z.string(),
  trackingType: z.literal('MANUAL'),
  properties: z.array(EventProperty),
  associations: z.array(z.unknown()),
  archived: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export const StoredDefinition = z.extend(PublicDefinition, { version: z.number() });
export type StoredDefinition = z.output<typeof StoredDefinition>;

/** What happened, to a record by its id, or to a contact by the e-mail address. */
export const OccurrenceInput = z.object({
  eventName: z.string(),
  objectId: z.optional(z.pipe(z.union([z.string(), z.int()]), z.transform(String))),
  email: z.optional(z.string()),
  utk: z.optional(z.string()),
  uuid: z.optional(z.string().check(z.minLength(1), z.maxLength(250))),
  occurredAt: z.optional(Moment),
  properties: z._default(
    z.record(z.string(), z.pipe(z.union([z.string(), z.number(), z.boolean()]), z.transform(String))),
    {},
  ),
});
export type OccurrenceInput = z.output<typeof OccurrenceInput>;

export const PublicOccurrence = z.object({
  id: z.string(),
  eventType: z.string(),
  objectType: z.string(),
  objectId: z.string(),
  occurredAt: z.string(),
  properties: z.record(z.string(), z.string()),
});
export type PublicOccurrence = z.output<typeof PublicOccurrence>;
