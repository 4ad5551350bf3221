import { FormSubmitted } from '../../events/form.ts';
import { subscribe } from '../../lib/core/consume.ts';
import { notifyOf } from '../../lib/forms/notify.ts';
import { formsWorkers } from './operations.ts';

export const handler = subscribe(formsWorkers.notify.id, ({ detail }, app) =>
  notifyOf(app, FormSubmitted.schema.parse(detail)),
);
