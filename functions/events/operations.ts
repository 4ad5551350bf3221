import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { cursor, flag, limitOf, Paging } from '../../lib/core/page.ts';
import {
  DefinitionInput,
  DefinitionPatch,
  EventProperty,
  EventPropertyInput,
  EventPropertyPatch,
  OccurrenceInput,
  PublicDefinition,
  PublicOccurrence,
} from '../../lib/custom-events/schema.ts';
import { Moment, Words } from '../../lib/objects/input.ts';

const ofEvent = z.object({ eventName: z.string() });
const ofProperty = z.extend(ofEvent, { propertyName: z.string() });

const defines = {
  scope: 'behavioral_events.event_definitions.read_write',
  uses: ['table:read', 'table:write'],
} as const;
const reads = { ...defines, status: 200, uses: ['table:read'] } as const;
const sends = {
  repeatable: true,
  scope: 'analytics.behavioral_events.send',
  status: 204,
  uses: ['table:read', 'table:write'],
} as const;

export const events = operations('events', {
  send: {
    ...sends,
    route: 'POST /events/v3/send',
    summary: 'Log a custom event of a record',
    body: OccurrenceInput,
  },
  sendBatch: {
    ...sends,
    route: 'POST /events/v3/send/batch',
    summary: 'Log up to 500 custom events',
    body: z.object({ inputs: z.array(OccurrenceInput).check(z.maxLength(500, 'takes at most 500 inputs')) }),
    timeoutSeconds: 28,
    maxBodyBytes: 5 * 1024 * 1024,
  },
  list: {
    route: 'GET /events/v3/events',
    summary: 'Custom events of a record, or of one kind',
    scope: 'business-intelligence',
    query: z.object({
      objectType: z.optional(z.string()),
      objectId: z.optional(z.string().check(z.regex(/^\d{1,20}$/, 'is not a record id'))),
      eventType: z.optional(z.string()),
      id: z.optional(Words),
      occurredAfter: z.optional(Moment),
      occurredBefore: z.optional(Moment),
      properties: z.optional(Words),
      sort: z.optional(Words),
      after: z.optional(z.string().check(z.maxLength(1000))),
      limit: limitOf(20, 100),
    }),
    status: 200,
    output: z.object({ results: z.array(PublicOccurrence), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  listTypes: {
    route: 'GET /events/v3/events/event-types',
    summary: 'The kinds of custom events that there are',
    scope: 'business-intelligence',
    status: 200,
    output: z.object({ eventTypes: z.array(z.string()) }),
    uses: ['table:read'],
  },
  listDefinitions: {
    ...reads,
    route: 'GET /events/v3/event-definitions',
    summary: 'List definitions of custom events',
    query: z.object({
      after: z.optional(cursor),
      limit: limitOf(100, 500),
      includeProperties: flag,
      searchString: z.optional(z.string()),
    }),
    output: z.object({ results: z.array(PublicDefinition), total: z.number(), paging: z.optional(Paging) }),
  },
  createDefinition: {
    ...defines,
    route: 'POST /events/v3/event-definitions',
    summary: 'Define a custom event',
    body: DefinitionInput,
    status: 201,
    output: PublicDefinition,
  },
  getDefinition: {
    ...reads,
    route: 'GET /events/v3/event-definitions/{eventName}',
    summary: 'Read the definition of a custom event',
    path: ofEvent,
    output: PublicDefinition,
  },
  updateDefinition: {
    ...defines,
    route: 'PATCH /events/v3/event-definitions/{eventName}',
    summary: 'Change label and description of a custom event',
    path: ofEvent,
    body: DefinitionPatch,
    status: 201,
    output: PublicDefinition,
  },
  removeDefinition: {
    ...defines,
    route: 'DELETE /events/v3/event-definitions/{eventName}',
    summary: 'Delete the definition of a custom event; what happened stays',
    path: ofEvent,
    status: 204,
  },
  createProperty: {
    ...defines,
    route: 'POST /events/v3/event-definitions/{eventName}/property',
    summary: 'Add a property to a custom event',
    path: ofEvent,
    body: EventPropertyInput,
    status: 201,
    output: EventProperty,
  },
  updateProperty: {
    ...defines,
    route: 'PATCH /events/v3/event-definitions/{eventName}/property/{propertyName}',
    summary: 'Change a property of a custom event',
    path: ofProperty,
    body: EventPropertyPatch,
    status: 201,
    output: EventProperty,
  },
  removeProperty: {
    ...defines,
    route: 'DELETE /events/v3/event-definitions/{eventName}/property/{propertyName}',
    summary: 'Take a property off a custom event',
    path: ofProperty,
    status: 204,
  },
});
