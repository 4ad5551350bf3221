import { readEvent } from '../../lib/app-events/events.ts';
import { headerOf, rendered } from '../../lib/app-events/render.ts';
import { readTemplate } from '../../lib/app-events/templates.ts';
import { handle, Reply } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.renderEvent, async ({ path: { eventTemplateId, eventId }, query }, app) => {
  const event = await readEvent(app, eventTemplateId, eventId);
  const template = await readTemplate(app, eventTemplateId);
  const text = query.detail ? (template.detailTemplate ?? '') : headerOf(template);
  return new Reply(200, rendered(text, event), { 'content-type': 'text/html;charset=utf-8' });
});
