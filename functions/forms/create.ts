import { randomUUID } from 'node:crypto';
import { handle } from '../../lib/core/handle.ts';
import { newForm } from '../../lib/forms/form.ts';
import { createForm } from '../../lib/forms/store.ts';
import { forms } from './operations.ts';

export const handler = handle(forms.create, ({ body }, app) =>
  createForm(app, newForm(body, { id: randomUUID(), now: app.now() })),
);
