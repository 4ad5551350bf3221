import { handle } from '../../lib/core/handle.ts';
import { readSubmission } from '../../lib/forms/submission.ts';
import { formOfPath, submit } from '../../lib/forms/submit.ts';
import { forms } from './operations.ts';

export const handler = handle(forms.submitSecurely, async ({ path, text, request }, app) => {
  const form = await formOfPath(app, path);
  return submit(app, form, readSubmission(text), {
    isServer: true,
    idempotencyKey: request.headers['idempotency-key'],
  });
});
