import { handle } from '../../lib/core/handle.ts';
import { patchedForm } from '../../lib/forms/form.ts';
import { changeForm } from '../../lib/forms/store.ts';
import { forms } from './operations.ts';

export const handler = handle(forms.update, ({ path, body }, app) =>
  changeForm(app, path.formId, (form) => patchedForm(form, body, app.now()), { restores: body.archived === false }),
);
