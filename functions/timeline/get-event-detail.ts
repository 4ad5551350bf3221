import { handle } from '../../lib/core/handle.ts';
import { readEvent } from '../../lib/timeline/events.ts';
import { filled } from '../../lib/timeline/render.ts';
import { readTemplate } from '../../lib/timeline/templates.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.getEventDetail, async ({ path: { eventTemplateId, eventId } }, app) => {
  const event = await readEvent(app, eventTemplateId, eventId);
  const { detailTemplate = '' } = await readTemplate(app, eventTemplateId);
  return { details: filled(detailTemplate, event) };
});
