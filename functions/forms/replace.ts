import { handle } from '../../lib/core/handle.ts';
import { replacedForm } from '../../lib/forms/form.ts';
import { changeForm } from '../../lib/forms/store.ts';
import { forms } from './operations.ts';

export const handler = handle(forms.replace, ({ path, body }, app) =>
  changeForm(app, path.formId, (form) => replacedForm(form, body, app.now())),
);
