import { handle } from '../../lib/core/handle.ts';
import { readForm } from '../../lib/forms/store.ts';
import { forms } from './operations.ts';

export const handler = handle(forms.get, ({ path, query }, app) => readForm(app, path.formId, query));
