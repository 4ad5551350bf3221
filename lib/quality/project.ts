import { RecordUpdated } from '../../events/record.ts';
import type { App } from '../core/app.ts';
import type { StreamedEvent } from '../stream/event-record.ts';
import { lookedAt } from './same-person.ts';
import { bringNamesUpToDate } from './up-to-date.ts';

type Told = Pick<StreamedEvent, 'type' | 'detail'>;

/** Brings the findings about contacts up to these events, whoever wrote them: API, form, import, flow, sync. */
export async function projectNames(app: App, events: readonly Told[]): Promise<void> {
  const ids = events.filter(concerns).map(({ detail }) => detail.recordId);
  if (ids.length > 0) await bringNamesUpToDate(app, ids);
}

function concerns({ type, detail }: Told): boolean {
  if (!type.startsWith('record.') || detail.objectType !== '0-1') return false;
  if (type !== RecordUpdated.type) return true;
  const changed = (detail.changes ?? {}) as object;
  return lookedAt.some((name) => name in changed);
}
