import { handle, Reply } from '../../lib/core/handle.ts';
import { readEvent } from '../../lib/timeline/events.ts';
import { headerOf, rendered } from '../../lib/timeline/render.ts';
import { readTemplate } from '../../lib/timeline/templates.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.renderEvent, async ({ path: { eventTemplateId, eventId }, query }, app) => {
  const event = await readEvent(app, eventTemplateId, eventId);
  const template = await readTemplate(app, eventTemplateId);
  const text = query.detail ? (template.detailTemplate ?? '') : headerOf(template);
  return new Reply(200, rendered(text, event), { 'content-type': 'text/html;charset=utf-8' });
});
