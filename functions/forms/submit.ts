import { handle } from '../../lib/core/handle.ts';
import { refuseCaptcha } from '../../lib/forms/problem.ts';
import { readSubmission } from '../../lib/forms/submission.ts';
import { formOfPath, submit } from '../../lib/forms/submit.ts';
import { forms } from './operations.ts';

export const handler = handle(forms.submit, async ({ path, text, request }, app) => {
  const form = await formOfPath(app, path);
  refuseCaptcha(form);
  return submit(app, form, readSubmission(text), {
    ip: request.sourceIp,
    idempotencyKey: request.headers['idempotency-key'],
  });
});
