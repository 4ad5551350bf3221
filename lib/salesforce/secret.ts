import { readSecret, writeSecret } from '../aws/secret.ts';
import { environment } from '../core/environment.ts';
import { Credentials } from './schema.ts';

const secretId = () => environment('SALESFORCE_SECRET_ARN');

/** How the sync signs in; undefined before Salesforce is connected. */
export async function readCredentials(): Promise<Credentials | undefined> {
  const text = await readSecret(secretId());
  return text === undefined ? undefined : Credentials.parse(JSON.parse(text));
}

/** Keeps credentials; they are never shown again. */
export const writeCredentials = (credentials: Credentials): Promise<void> =>
  writeSecret(secretId(), JSON.stringify(credentials));
