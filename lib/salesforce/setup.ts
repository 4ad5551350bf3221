import type { App } from '../core/app.ts';
import { CrmError, type ErrorDetail } from '../core/errors.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { readList } from '../lists/store.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { isOutgoingUrl } from '../outgoing/url.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { SalesforceClient } from './client.ts';
import { checkMappings } from './mapping.ts';
import {
  type AuthInput,
  backfillKind,
  type Credentials,
  contactType,
  externalIdField,
  type FieldMapping,
  type Settings,
  type SettingsInput,
  type StoredMapping,
} from './schema.ts';
import { readCredentials, writeCredentials } from './secret.ts';
import { findSettings, mappingsWrite, readSettings, settingsWrite } from './settings.ts';
import { forgetSession } from './token.ts';
import { SalesforceTrouble } from './trouble.ts';

/** Somebody waits for the answer. */
const timeoutMs = 4000;

/** Text fields, external ids and unique, that an org needs so that nothing is made twice there. */
const neededFields = {
  Lead: externalIdField,
  Contact: externalIdField,
  Account: externalIdField,
  Opportunity: externalIdField,
  Task: 'Tsunagi_Event_Id__c',
} as const;

/**
 * Connects an org, or changes the settings. Signs in, and checks that the org has the fields that the sync needs. The first connection
 * starts the back-fill. @throws CrmError 400 that names what is wrong or missing, 409 for another org than the one that is linked
 */
export async function connect(app: App, input: SettingsInput): Promise<Settings> {
  checkAddresses(input);
  if (input.inclusionListId) await checkList(app, input.inclusionListId);
  const before = await findSettings(app);
  const credentials = await credentialsOf(input.auth);
  const organizationId = await asBadRequest(() => checkOrg(input.instanceUrl, credentials));
  if (before && before.organizationId !== organizationId)
    throw new CrmError(
      'CONFLICT',
      `The records are linked with the org ${before.organizationId}, not ${organizationId}`,
    );
  await writeCredentials(credentials);
  const settings: Settings = {
    ...input,
    auth: publicAuth(credentials),
    organizationId,
    connectedAt: before?.connectedAt ?? app.now(),
  };
  if (before) {
    await commitOrThrow(app.table, [orStale(settingsWrite(settings))]);
    return settings;
  }
  const { job, writes } = await jobWrites(app, { kind: backfillKind, input: {} });
  await commitOrThrow(app.table, [orStale(settingsWrite(settings)), ...writes.map(orStale)]);
  await announceJob(job);
  return settings;
}

const invalid = (errors: readonly ErrorDetail[]) =>
  new CrmError('VALIDATION_ERROR', errors.map((error) => `${error.in}: ${error.message}`).join('; '), { errors });

function checkAddresses({ instanceUrl, auth }: SettingsInput): void {
  const given = { instanceUrl, ...(auth.kind === 'jwt' && auth.loginUrl && { 'auth.loginUrl': auth.loginUrl }) };
  const errors = Object.entries(given)
    .filter(([, url]) => !isOutgoingUrl(url))
    .map(([name]) => ({
      message: 'must be an absolute https address without a password',
      code: 'INVALID_VALUE',
      in: name,
    }));
  if (errors.length > 0) throw invalid(errors);
}

async function checkList(app: App, listId: string): Promise<void> {
  try {
    const { objectTypeId } = await readList(app, listId);
    if (objectTypeId === contactType) return;
  } catch (error) {
    if (!(error instanceof CrmError) || error.category !== 'OBJECT_NOT_FOUND') throw error;
  }
  throw invalid([
    { message: `No list of contacts has the ID ${listId}`, code: 'INVALID_VALUE', in: 'inclusionListId' },
  ]);
}

/** The credentials with the secret that was given before, where the client is the same and none is given now. */
async function credentialsOf(auth: AuthInput): Promise<Credentials> {
  const secretName = auth.kind === 'jwt' ? 'privateKey' : 'clientSecret';
  const given = auth.kind === 'jwt' ? auth.privateKey : auth.clientSecret;
  const known = given === undefined ? await readCredentials() : undefined;
  const kept = known?.kind === auth.kind && known.clientId === auth.clientId ? known : undefined;
  if (given === undefined && !kept)
    throw invalid([{ message: `auth.${secretName} is required`, code: 'REQUIRED_FIELD', in: `auth.${secretName}` }]);
  if (auth.kind === 'jwt')
    return { ...auth, privateKey: auth.privateKey ?? (kept?.kind === 'jwt' ? kept.privateKey : '') };
  return { ...auth, clientSecret: auth.clientSecret ?? (kept?.kind === auth.kind ? kept.clientSecret : '') };
}

function publicAuth(credentials: Credentials): Settings['auth'] {
  if (credentials.kind === 'jwt') {
    const { privateKey: _, ...shown } = credentials;
    return shown;
  }
  const { clientSecret: _, ...shown } = credentials;
  return shown;
}

async function checkOrg(instanceUrl: string, credentials: Credentials): Promise<string> {
  forgetSession();
  const client = new SalesforceClient({ instanceUrl, credentials, timeoutMs });
  const organizationId = await client.organizationId();
  const errors: ErrorDetail[] = [];
  for (const [sobject, name] of Object.entries(neededFields)) {
    const field = (await client.describe(sobject)).find((each) => each.name === name);
    if (!field?.externalId)
      errors.push({
        message: `${sobject} lacks the field ${name} (text, external id, unique)`,
        code: 'MISSING_FIELD',
        in: `${sobject}.${name}`,
      });
  }
  if (errors.length > 0) throw invalid(errors);
  return organizationId;
}

/** What Salesforce has against the request is the client's to know; that it is down is told as such. */
async function asBadRequest<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof SalesforceTrouble)) throw error;
    if (error.kind === 'UNAVAILABLE' || error.kind === 'LIMIT')
      throw new CrmError('SERVICE_UNAVAILABLE', `Salesforce does not answer: ${error.message}`, { retryAfter: 60 });
    const where = error.kind === 'SIGN_IN' ? 'auth' : 'instanceUrl';
    throw invalid([{ message: error.message, code: error.code, in: where }]);
  }
}

/** Replaces the mappings, checked against the org and the properties. What was synced before is not touched until it changes or a resync. */
export async function replaceMappings(app: App, mappings: readonly FieldMapping[]): Promise<readonly StoredMapping[]> {
  const { instanceUrl } = await readSettings(app);
  const credentials = await readCredentials();
  if (!credentials) throw new CrmError('CONFLICT', 'The credentials of Salesforce are gone: connect it again');
  const client = new SalesforceClient({ instanceUrl, credentials, timeoutMs });
  const described = await asBadRequest(async () => ({
    Contact: await client.describe('Contact'),
    Lead: await client.describe('Lead'),
  }));
  const type = await loadObjectType(app, contactType, { fresh: true });
  const stored = checkMappings(mappings, { type, described });
  await commitOrThrow(app.table, [orStale(mappingsWrite(stored))]);
  return stored;
}
