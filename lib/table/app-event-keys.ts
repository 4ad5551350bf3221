import type { Key } from './keys.ts';

/** The templates of all apps lie together: there are few, and an event names a template without its app. */
export const timelineTemplatePartition = 'timeline-template';
export const timelineTemplateKey = (id: string): Key => ({ pk: timelineTemplatePartition, sk: `template#${id}` });
/** An app's event as it was told, by the id that the app gave it. */
export const timelineEventKey = (templateId: string, eventId: string): Key => ({
  pk: `timeline-event#${templateId}#${eventId}`,
  sk: 'event',
});
