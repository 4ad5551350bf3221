import { decodeTime, encodeTime } from 'ulid';
import { CrmError } from '../core/errors.ts';
import { timeOfId } from '../core/ids.ts';

/** Where an entry stands: newest first, at one millisecond by id. Events have ULIDs, activities the ids of their records. */
export type Position = { readonly at: number; readonly id: string };

export const eventPosition = (id: string): Position => ({ at: decodeTime(id), id });
export const recordPosition = (id: string): Position => ({ at: timeOfId(id), id });

/** Negative when `one` is newer. */
export const byNewest = (one: Position, other: Position): number =>
  other.at - one.at || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);

export const cursorOf = ({ at, id }: Position): string => `${at}-${id}`;

/** @throws CrmError 400 for a text that is no cursor of a timeline */
export function readCursor(after: string | undefined): Position | undefined {
  if (after === undefined) return undefined;
  const [, at, id] = /^(\d{13})-([0-9A-Z]{1,26})$/.exec(after) ?? [];
  if (!at || !id) {
    throw new CrmError('VALIDATION_ERROR', `after: ${after} is no cursor of a timeline`, {
      context: { after: [after] },
    });
  }
  return { at: Number(at), id };
}

const ulidLength = 26;

/** An event id that all events older than the position are below. */
export const eventBound = ({ at, id }: Position): string =>
  id.length === ulidLength ? id : `${encodeTime(at + 1, 10)}${'0'.repeat(16)}`;

/** Whether the position is that of an event. */
export const isEvent = ({ id }: Position): boolean => id.length === ulidLength;
