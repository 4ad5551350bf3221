import * as z from 'zod/mini';
import { defineEvent } from './define.ts';

/** An app told of something that it did for a record, by a template of its own. `happenedAt` is when, as the app says. */
export const TimelineEventCreated = defineEvent('timeline-event.created', 1, {
  eventTemplateId: z.string(),
  timelineEventId: z.string(),
  name: z.string(),
  /** The header and the detail of the template as they were then. */
  title: z.string(),
  body: z.optional(z.string()),
  happenedAt: z.string(),
  tokens: z.record(z.string(), z.string()),
});

/** Somebody told of a custom event of a record. `happenedAt` is when, as they say; `eventName` is the fully qualified name. */
export const CustomEventOccurred = defineEvent('custom-event.occurred', 1, {
  eventName: z.string(),
  /** What the event was called then, and its values. */
  title: z.string(),
  body: z.optional(z.string()),
  occurrenceId: z.string(),
  happenedAt: z.string(),
  properties: z.record(z.string(), z.string()),
});
