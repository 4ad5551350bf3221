import type { Parts } from './wiring.ts';

/** The value of a variable that functions have, from the first that has it. */
export const variableOf = ({ model }: Pick<Parts, 'model'>, name: string): string | undefined =>
  model.functions.find(({ environment }) => name in environment)?.environment[name];

/** The first access token of the installation, empty when the stack has none. */
export const accessTokenOf = (parts: Parts): string => textOf(parts, variableOf(parts, 'ACCESS_TOKEN_SECRET_ARN'));

/** Slack posts go to the local sink until somebody connects a Slack of his own. The port may differ from the last start's. */
export function connectSlack(parts: Parts, webhookUrl: string): void {
  const SecretId = variableOf(parts, 'SLACK_SECRET_ARN');
  if (!SecretId) return;
  const value = textOf(parts, SecretId);
  const isOwn = /^\{"webhookUrl":"http:\/\/127\.0\.0\.1:\d+\/local\/slack"\}$/.test(value);
  if (value !== '' && !isOwn) return;
  parts.services.secrets.execute('PutSecretValue', { SecretId, SecretString: JSON.stringify({ webhookUrl }) });
}

function textOf({ services }: Parts, SecretId: string | undefined): string {
  if (!SecretId) return '';
  const { SecretString } = services.secrets.execute('GetSecretValue', { SecretId });
  return typeof SecretString === 'string' ? SecretString : '';
}
