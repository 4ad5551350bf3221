import { randomInt } from 'node:crypto';
import { monotonicFactory } from 'ulid';

/** 2020-01-01: with it an id has 16 digits (so text order is number order) until it would pass 2^53, in 2054. */
const epoch = Date.UTC(2020, 0, 1);
const perMillisecond = 8192;

let last = 0;

/**
 * A record id: a decimal string of 16 digits, below 2^53 as HubSpot's clients need it, rising with time within a process.
 * Two processes can draw the same id in one millisecond (1 in 8,192): every create has the condition that the key is free.
 */
export function newId(now = Date.now()): string {
  const drawn = (now - epoch) * perMillisecond + randomInt(perMillisecond);
  last = drawn > last ? drawn : last + 1;
  return String(last);
}

/** A record id that tells of its time only that it lies between two: drawn at random, not rising. */
export const randomIdBetween = (from: number, to: number): string =>
  String((from - epoch) * perMillisecond + Math.floor(Math.random() * (to - from) * perMillisecond));

/** When a record id was drawn, in milliseconds. */
export const timeOfId = (id: string): number => epoch + Math.floor(Number(id) / perMillisecond);

/** The lowest id of a millisecond: ids that were drawn before are below it. */
export const firstIdOf = (time: number): string => String(Math.max(0, time - epoch) * perMillisecond);

/** An event id: a ULID, rising within a process, so that a record's log sorts by time. */
export const newEventId: (seedTime?: number) => string = monotonicFactory();
