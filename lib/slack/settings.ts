import * as z from 'zod/mini';
import { readSecret, writeSecret } from '../aws/secret.ts';
import { environment } from '../core/environment.ts';
import { CrmError } from '../core/errors.ts';
import { isOutgoingUrl } from '../outgoing/url.ts';

/** What the secret holds. */
export const SlackSettings = z.object({ webhookUrl: z.string() });
export type SlackSettings = z.output<typeof SlackSettings>;

const secretId = () => environment('SLACK_SECRET_ARN');

/** The webhook that Slack gave out; undefined before Slack is connected. */
export async function readSlackWebhook(): Promise<string | undefined> {
  const text = await readSecret(secretId());
  return text === undefined ? undefined : SlackSettings.parse(JSON.parse(text)).webhookUrl;
}

/** Connects Slack. The address is a secret and is never shown again. @throws CrmError 400 when it may not be called */
export async function connectSlack({ webhookUrl }: SlackSettings): Promise<void> {
  if (!isOutgoingUrl(webhookUrl)) {
    const message = 'webhookUrl must be an absolute https address without a password';
    throw new CrmError('VALIDATION_ERROR', message, { errors: [{ message, code: 'INVALID_VALUE', in: 'webhookUrl' }] });
  }
  await writeSecret(secretId(), JSON.stringify({ webhookUrl }));
}
