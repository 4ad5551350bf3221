import * as z from 'zod/mini';
import { TimelineEventCreated } from '../../events/custom.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { RowError } from '../objects/batch.ts';
import { asRowError } from '../objects/batch-answer.ts';
import { uuidOf } from '../objects/once.ts';
import { updateRecord, upsertRecord } from '../objects/store.ts';
import { timelineEventKey } from '../table/app-event-keys.ts';
import { appendEvent } from '../table/event-log.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { RecordRef } from '../table/keys.ts';
import { AlreadyDone } from '../table/once.ts';
import type { Write } from '../table/write.ts';
import { filled, headerOf } from './render.ts';
import { PublicTimelineEvent, type StoredTemplate, type TimelineEventInput } from './schema.ts';
import { readTemplate } from './templates.ts';

/**
 * Logs an app's event with its record, once for each id that the app gives, in one transaction with the properties that its tokens
 * set. A contact who is named by an e-mail address that nobody has is made. What an earlier run of the same request logged is answered as it
 * is. @throws CrmError 400, 404, 409
 */
export async function createEvent(app: App, input: TimelineEventInput, position = 0): Promise<PublicTimelineEvent> {
  const template = await readTemplate(app, input.eventTemplateId);
  requireTokens(template, input);
  const now = app.now();
  const id = input.id ?? uuidOf(app, position);
  const event = { ...input, id, objectType: template.objectType, timestamp: input.timestamp ?? now, createdAt: now };
  const options = {
    once: (record: RecordRef) => ({
      ...timelineEventKey(template.id, id),
      entity: 'timeline-event',
      ...event,
      objectId: record.id,
      ...(app.once && { request: app.once.hash }),
    }),
    also: (record: RecordRef): Write[] => [appendEvent(logged(app, record, template, event))],
  };
  try {
    const record = await written(app, template, input, options);
    return { ...event, objectId: record.id };
  } catch (error) {
    const earlier = error instanceof AlreadyDone ? Logged.parse(error.mark) : undefined;
    if (earlier?.request !== undefined && earlier.request === app.once?.hash) return PublicTimelineEvent.parse(earlier);
    if (earlier) throw new CrmError('CONFLICT', `The template ${template.id} has an event with the id ${id} already`);
    throw error;
  }
}

/** As it is stored; `request` is the one with an `Idempotency-Key` that it came with. */
const Logged = z.extend(PublicTimelineEvent, { request: z.optional(z.string()) });

type Options = NonNullable<Parameters<typeof updateRecord>[4]>;

async function written(
  app: App,
  { objectTypeId, tokens }: StoredTemplate,
  input: TimelineEventInput,
  options: Options,
): Promise<RecordRef> {
  const stamps = Object.fromEntries(
    tokens.flatMap(({ name, objectPropertyName }) => {
      const value = input.tokens[name];
      return objectPropertyName && value !== undefined ? [[objectPropertyName, value]] : [];
    }),
  );
  if (input.objectId !== undefined) return updateRecord(app, objectTypeId, { id: input.objectId }, stamps, options);
  if (input.email !== undefined && objectTypeId === '0-1')
    return (await upsertRecord(app, objectTypeId, 'email', input.email, stamps, options)).record;
  throw new CrmError('VALIDATION_ERROR', 'An event names its record by objectId, a contact by email too', {
    errors: [{ message: 'objectId is required', code: 'REQUIRED_FIELD', in: 'objectId' }],
  });
}

function requireTokens(template: StoredTemplate, { tokens }: TimelineEventInput): void {
  const unknown = Object.keys(tokens).filter((name) => !template.tokens.some((token) => token.name === name));
  const errors = [
    ...unknown.map((name) => ({
      message: `The template has no token ${name}`,
      code: 'UNKNOWN_TOKEN',
      in: `tokens.${name}`,
    })),
    ...template.tokens.flatMap(({ name, type, options = [] }) => {
      const value = tokens[name];
      if (value === undefined || fits(type, value, options)) return [];
      return [{ message: `The token ${name} is not a ${type}`, code: 'INVALID_TOKEN', in: `tokens.${name}` }];
    }),
  ];
  if (errors.length === 0) return;
  throw new CrmError('VALIDATION_ERROR', errors.map(({ message }) => message).join('; '), { errors });
}

function fits(type: StoredTemplate['tokens'][number]['type'], value: string, options: readonly { value: string }[]) {
  switch (type) {
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value));
    case 'date':
      return /^\d+$/.test(value) || !Number.isNaN(Date.parse(value));
    case 'enumeration':
      return options.some((option) => option.value === value);
    case 'string':
      return value.length <= 65_536;
  }
}

const logged = (
  app: App,
  record: RecordRef,
  template: StoredTemplate,
  event: TimelineEventInput & { id: string; timestamp: string },
) =>
  TimelineEventCreated.of({
    ...envelopeOf(app, record),
    eventTemplateId: template.id,
    timelineEventId: event.id,
    name: template.name,
    title: filled(headerOf(template), event).slice(0, 1000),
    ...(template.detailTemplate && { body: filled(template.detailTemplate, event).slice(0, 1000) }),
    happenedAt: event.timestamp,
    tokens: event.tokens,
  });

/** Logs many events, each for itself. */
export async function createEvents(app: App, inputs: readonly TimelineEventInput[]) {
  const answers = await inParallel(inputs, 8, (input, position) => createEvent(app, input, position).catch(asRowError));
  return {
    results: answers.flatMap((answer) => (answer instanceof CrmError ? [] : answer)),
    errors: answers.flatMap((error, position): RowError[] => (error instanceof CrmError ? [{ position, error }] : [])),
  };
}

/** An event as it was told. @throws CrmError 404 */
export async function readEvent(app: App, templateId: string, eventId: string): Promise<PublicTimelineEvent> {
  const found = await app.table.get(timelineEventKey(templateId, eventId), PublicTimelineEvent);
  if (!found)
    throw new CrmError('OBJECT_NOT_FOUND', `No event exists with ID '${eventId}' of template '${templateId}'`);
  return found;
}
