import { readEvent } from '../../lib/app-events/events.ts';
import { filled } from '../../lib/app-events/render.ts';
import { readTemplate } from '../../lib/app-events/templates.ts';
import { handle } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.getEventDetail, async ({ path: { eventTemplateId, eventId } }, app) => {
  const event = await readEvent(app, eventTemplateId, eventId);
  const { detailTemplate = '' } = await readTemplate(app, eventTemplateId);
  return { details: filled(detailTemplate, event) };
});
