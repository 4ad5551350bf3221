import type { Key, RecordRef } from './keys.ts';

export const eventDefinitionPartition = 'event-definition';
export const eventDefinitionKey = (name: string): Key => ({
  pk: eventDefinitionPartition,
  sk: `definition#${name}`,
});

/** Left by an occurrence that came with an id of its own, so that it is told of once. */
export const occurrenceMarkKey = (eventName: string, uuid: string): Key => ({
  pk: `occurrence#${eventName}#${uuid}`,
  sk: 'mark',
});

/** The occurrences of a record by the time when they happened, all of them and those of one event. */
export const occurrencePrefix = (eventName?: string) =>
  eventName === undefined ? 'occurrence#' : `occurrence-of#${eventName}#`;
export const occurrencePartition = ({ objectType, id }: RecordRef) => `${objectType}#${id}`;
export const occurrenceKey = (record: RecordRef, moment: string, eventName?: string): Key => ({
  pk: occurrencePartition(record),
  sk: `${occurrencePrefix(eventName)}${moment}`,
});
/** gsi1: the occurrences of an event, whoever they are of, by time. */
export const occurrenceListing = (eventName: string) => `occurrences#${eventName}`;
