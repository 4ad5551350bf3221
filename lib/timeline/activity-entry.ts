import * as z from 'zod/mini';
import { Actor } from '../../events/define.ts';
import type { App } from '../core/app.ts';
import { listObjectTypes } from '../objects/definition-store.ts';
import { namedActors } from './actor-names.ts';
import { kindOf, type LoggedEvent, textOf } from './event-entry.ts';
import { type Language, wordsOf } from './words.ts';

/** What somebody did, without the values: who may see a record reads them there. */
export const PublicActivity = z.object({
  id: z.string(),
  kind: z.string(),
  type: z.string(),
  occurredAt: z.string(),
  actor: z.extend(Actor, { label: z.optional(z.string()) }),
  title: z.string(),
  objectType: z.string(),
  recordId: z.string(),
  properties: z.optional(z.array(z.string())),
  changeSetId: z.optional(z.string()),
});
type PublicActivity = z.output<typeof PublicActivity>;

/** Events in words, with the names of those who did them. */
export async function activityEntries(
  app: App,
  events: readonly LoggedEvent[],
  language: Language,
): Promise<PublicActivity[]> {
  const named = await namedActors(
    app,
    events.map(({ detail }) => detail.actor),
  );
  const types = new Map((await listObjectTypes(app)).map(({ objectTypeId, labels }) => [objectTypeId, labels.plural]));
  const labels = { property: (name: string) => name, objectType: (id: string) => types.get(id) ?? id };
  return events.map((event) => {
    const { id, occurredAt, actor, objectType, recordId, changes, changeSetId } = event.detail;
    const { title } = textOf(event, wordsOf(language), labels);
    const properties = event.type === 'record.updated' ? Object.keys((changes ?? {}) as object) : undefined;
    return {
      id,
      kind: kindOf(event),
      type: event.type,
      occurredAt,
      actor: named(actor),
      title,
      objectType,
      recordId,
      ...(properties && { properties }),
      ...(changeSetId && { changeSetId }),
    };
  });
}
