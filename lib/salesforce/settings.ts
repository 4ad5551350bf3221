import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { salesforceKey } from '../table/keys.ts';
import { contactType, type FieldMapping, Settings, StoredMapping } from './schema.ts';

/** The settings; undefined before Salesforce is connected. */
export const findSettings = (app: App): Promise<Settings | undefined> =>
  app.table.get(salesforceKey('settings'), Settings);

/** @throws CrmError 404 */
export async function readSettings(app: App): Promise<Settings> {
  const settings = await findSettings(app);
  if (!settings) {
    const how = 'Salesforce is not connected: PUT /integrations/v1/salesforce/settings';
    throw new CrmError('OBJECT_NOT_FOUND', how, { subCategory: 'SALESFORCE_NOT_CONNECTED' });
  }
  return settings;
}

export const settingsWrite = (settings: Settings) => ({
  put: { ...salesforceKey('settings'), entity: 'salesforce-settings', ...settings },
});

/** What is synced until somebody says otherwise. The lifecycle stage goes its own way, by opportunities. */
const usualMappings: readonly StoredMapping[] = [
  usual('lastname', 'LastName'),
  usual('firstname', 'FirstName'),
  { ...usual('email', 'Email'), kind: 'email' },
  usual('phone', 'Phone'),
  usual('mobilephone', 'MobilePhone'),
  usual('jobtitle', 'Title'),
  { ...usual('company', 'Company'), sobjects: ['Lead'] },
];

function usual(property: string, field: string): StoredMapping {
  return { property, field, rule: 'prefer_salesforce', kind: 'text', sobjects: ['Contact', 'Lead'] };
}

const Stored = z.object({ mappings: z.array(StoredMapping) });

export async function readMappings(app: App): Promise<readonly StoredMapping[]> {
  return (await app.table.get(salesforceKey('mappings'), Stored))?.mappings ?? usualMappings;
}

export const mappingsWrite = (mappings: readonly StoredMapping[]) => ({
  put: { ...salesforceKey('mappings'), entity: 'salesforce-mappings', mappings },
});

export const toPublicMapping = ({ property, field, rule }: StoredMapping): FieldMapping => ({
  objectType: contactType,
  property,
  salesforceField: field,
  rule,
});
