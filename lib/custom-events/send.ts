import { CustomEventOccurred } from '../../events/custom.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { type RowError, refusalOf } from '../objects/batch.ts';
import { asRowError } from '../objects/batch-answer.ts';
import { readDatetime, readDay } from '../objects/moment.ts';
import { uuidOf } from '../objects/once.ts';
import { readRecord } from '../objects/read-store.ts';
import { updateRecord, upsertRecord } from '../objects/store.ts';
import { occurrenceKey, occurrenceListing, occurrenceMarkKey } from '../table/custom-event-keys.ts';
import { appendEvent } from '../table/event-log.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { RecordRef } from '../table/keys.ts';
import { AlreadyDone } from '../table/once.ts';
import { commitOrThrow, onceStep } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { Hutk } from '../tracking/batch.ts';
import { waitingEventRow } from '../tracking/page-event-row.ts';
import { findVisitor } from '../tracking/visitor-store.ts';
import { definitionNamed } from './definitions.ts';
import type { EventProperty, OccurrenceInput, PublicOccurrence, StoredDefinition } from './schema.ts';

type Checked = { readonly definition: StoredDefinition; readonly input: OccurrenceInput };

/**
 * Logs what happened with its record. What comes again with the same `uuid`, or without one as the same input of the same request, is
 * logged once. @throws CrmError 400, 404
 */
export async function send(app: App, input: OccurrenceInput, position = 0): Promise<void> {
  await log(app, await checked(app, input), position);
}

/**
 * Logs up to 500 of them. All are checked before the first is logged; one whose record is not there is told after the others were
 * logged, and to send all again with their `uuid`s logs none twice. @throws CrmError 400 naming every input that is wrong, 404
 */
export async function sendAll(app: App, inputs: readonly OccurrenceInput[]): Promise<void> {
  throwIfAny(await each(inputs, (input) => checked(app, input)));
  throwIfAny(await each(inputs, (input, position) => send(app, input, position)));
}

const each = (
  inputs: readonly OccurrenceInput[],
  run: (input: OccurrenceInput, position: number) => Promise<unknown>,
) =>
  inParallel(inputs, 8, (input, position) =>
    run(input, position).then(
      () => undefined,
      (error: Error) => asRowError(error),
    ),
  );

function throwIfAny(answers: readonly (CrmError | undefined)[]): void {
  const errors = answers.flatMap((error, position): RowError[] => (error ? [{ position, error }] : []));
  if (errors.length > 0) throw refusalOf(errors);
}

async function checked(app: App, input: OccurrenceInput): Promise<Checked> {
  const definition = await definitionNamed(app, input.eventName);
  const errors = Object.entries(input.properties).flatMap(([name, value]) => {
    const property = definition.properties.find((each) => each.name === name);
    const message = property ? problemOf(property, value) : `The event has no property "${name}"`;
    if (message === undefined) return [];
    const code = property ? 'INVALID_VALUE' : 'PROPERTY_DOESNT_EXIST';
    return [{ message, code, in: `properties.${name}`, context: { propertyName: [name] } }];
  });
  if (input.objectId === undefined && !byAddress(definition, input))
    errors.push({
      message: 'An event names its record by objectId, a contact by email or the cookie of its browser (utk) too',
      code: 'REQUIRED_FIELD',
      in: 'objectId',
      context: { propertyName: [] },
    });
  if (errors.length > 0)
    throw new CrmError('VALIDATION_ERROR', errors.map(({ message }) => message).join('; '), { errors });
  return { definition, input };
}

const byAddress = ({ primaryObjectId }: StoredDefinition, { email, utk }: OccurrenceInput) =>
  primaryObjectId === '0-1' && (email !== undefined || Hutk.safeParse(utk).success);

function problemOf({ name, type, options }: EventProperty, value: string): string | undefined {
  if (value.length > 65_536) return `The value of "${name}" has ${value.length} characters, the most is 65536.`;
  const fits: Readonly<Record<string, () => boolean>> = {
    number: () => value.trim() !== '' && Number.isFinite(Number(value)),
    enumeration: () => options.some((option) => option.value === value),
    datetime: () => readDatetime(value) !== undefined,
    date: () => readDay(value) !== undefined,
    bool: () => value === 'true' || value === 'false',
  };
  return (fits[type]?.() ?? true) ? undefined : `The value of "${name}" is not a ${type}`;
}

async function log(app: App, { definition, input }: Checked, position: number): Promise<void> {
  const now = app.now();
  const id = input.uuid ?? uuidOf(app, position);
  const happenedAt = input.occurredAt ?? now;
  const occurrence = (record: RecordRef): PublicOccurrence => ({
    id,
    eventType: definition.fullyQualifiedName,
    objectType: definition.primaryObject,
    objectId: record.id,
    occurredAt: happenedAt,
    properties: input.properties,
  });
  const options = {
    once: (record: RecordRef) => ({
      ...occurrenceMarkKey(definition.fullyQualifiedName, id),
      entity: 'occurrence-mark',
      ...occurrence(record),
    }),
    also: (record: RecordRef): Write[] => occurrenceWrites(app, record, definition, occurrence(record)),
  };
  const objectId = input.objectId ?? (input.email === undefined ? await contactOf(app, input.utk) : undefined);
  try {
    if (objectId !== undefined) await updateRecord(app, definition.primaryObjectId, { id: objectId }, {}, options);
    else if (input.email === undefined) await wait(app, input, { eventId: id, occurredAt: happenedAt });
    else await upsertRecord(app, definition.primaryObjectId, 'email', input.email ?? '', {}, options);
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error;
  }
}

/** The contact that a browser belongs to. */
async function contactOf(app: App, utk = ''): Promise<string | undefined> {
  const contactId = (await findVisitor(app, utk))?.contactId;
  const contact = contactId && (await readRecord(app, '0-1', { id: contactId }, { followMerged: true }));
  return contact ? contact.id : undefined;
}

/** What a browser did that is nobody's yet is logged when it becomes somebody's. */
async function wait(
  app: App,
  { eventName, utk = '', properties }: OccurrenceInput,
  when: { readonly eventId: string; readonly occurredAt: string },
): Promise<void> {
  const row = waitingEventRow(utk, { ...when, name: eventName, properties }, app.now());
  await commitOrThrow(app.table, [onceStep(row)]);
}

const longestBody = 1000;

function bodyOf(properties: PublicOccurrence['properties']): { body?: string } {
  const lines = Object.entries(properties).map(([name, value]) => `${name}: ${value}`);
  return lines.length > 0 ? { body: lines.join('\n').slice(0, longestBody) } : {};
}

function occurrenceWrites(
  app: App,
  record: RecordRef,
  { fullyQualifiedName, labels }: StoredDefinition,
  occurrence: PublicOccurrence,
): Write[] {
  const moment = `${occurrence.occurredAt}#${occurrence.id}`;
  const row = { entity: 'occurrence', ...occurrence };
  const event = CustomEventOccurred.of({
    ...envelopeOf(app, { objectType: record.objectType, id: record.id }),
    eventName: fullyQualifiedName,
    title: labels.singular,
    ...bodyOf(occurrence.properties),
    occurrenceId: occurrence.id,
    happenedAt: occurrence.occurredAt,
    properties: occurrence.properties,
  });
  return [
    appendEvent(event),
    { put: { ...occurrenceKey(record, moment), ...row } },
    {
      put: {
        ...occurrenceKey(record, moment, fullyQualifiedName),
        gsi1pk: occurrenceListing(fullyQualifiedName),
        gsi1sk: moment,
        ...row,
      },
    },
  ];
}
