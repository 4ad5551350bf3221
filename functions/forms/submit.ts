import { handle } from '../../lib/core/handle.ts';
import { readSubmission } from '../../lib/forms/submission.ts';
import { formOfPath, submit } from '../../lib/forms/submit.ts';
import { forms } from './operations.ts';

export const handler = handle(forms.submit, async ({ path, text, request }, app) => {
  const form = await formOfPath(app, path);
  const input = readSubmission(text);
  return submit(app, form, input, {
    ip: request.sourceIp,
    captcha: input.captcha ?? undefined,
    idempotencyKey: request.headers['idempotency-key'],
  });
});
