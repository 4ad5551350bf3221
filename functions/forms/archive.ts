import { handle } from '../../lib/core/handle.ts';
import { archivedForm } from '../../lib/forms/form.ts';
import { changeForm } from '../../lib/forms/store.ts';
import { forms } from './operations.ts';

export const handler = handle(forms.archive, async ({ path }, app) => {
  await changeForm(app, path.formId, (form) => archivedForm(form, app.now()));
  return undefined;
});
