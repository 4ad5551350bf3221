import type { Actor } from '../../events/define.ts';
import { RecordArchived, RecordCreated } from '../../events/record.ts';
import { newEventId } from '../../lib/core/ids.ts';

const actor: Actor = { kind: 'token', id: '1' };

const envelope = (recordId: string, objectType: string) => ({
  id: newEventId(),
  objectType,
  recordId,
  occurredAt: '2026-11-22T04:00:00.000Z',
  actor,
  cause: [],
});

/** A record.created event of a contact (or another type). */
export const created = (
  recordId: string,
  { objectType = '0-1', changes = {} as Record<string, [string | null, string | null]> } = {},
) => RecordCreated.of({ ...envelope(recordId, objectType), changes });

/** A record.archived event. */
export const archived = (recordId: string, objectType = '0-1') =>
  RecordArchived.of({ ...envelope(recordId, objectType), changes: {}, archivedAt: '2026-11-22T04:00:00.000Z' });
