import * as z from 'zod/mini';

/** The people of Salesforce, in the order in which they are looked for: a lead becomes a contact, never the other way. */
export const sobjects = ['Contact', 'Lead'] as const;
export const Sobject = z.enum(sobjects);
export type Sobject = z.output<typeof Sobject>;

export const Rule = z.enum(['prefer_salesforce', 'always_salesforce', 'two_way', 'none']);
export type Rule = z.output<typeof Rule>;

/** How values of a field are compared and written, from the types on both sides. */
export const ValueKind = z.enum(['text', 'email', 'number', 'boolean', 'date', 'datetime', 'multiple']);
export type ValueKind = z.output<typeof ValueKind>;

/** A mapping as a client sends and sees it. */
export const FieldMapping = z.strictObject({
  objectType: z.string(),
  property: z.string().check(z.minLength(1)),
  salesforceField: z.string().check(z.regex(/^[A-Za-z]\w{0,79}$/, 'is no API name of a Salesforce field')),
  rule: Rule,
});
export type FieldMapping = z.output<typeof FieldMapping>;

/** A mapping as it was checked against both sides. */
export const StoredMapping = z.object({
  property: z.string(),
  field: z.string(),
  rule: Rule,
  kind: ValueKind,
  /** The sobjects that have the field. */
  sobjects: z.array(Sobject),
});
export type StoredMapping = z.output<typeof StoredMapping>;

const pem = z.string().check(z.regex(/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'must be a private key in PEM form'));
const text = z.string().check(z.minLength(1));

/** Secrets may be left out when they were given before and the client is the same. */
export const AuthInput = z.union([
  z.strictObject({
    kind: z.literal('jwt'),
    clientId: text,
    username: text,
    privateKey: z.optional(pem),
    loginUrl: z.optional(text),
    audience: z.optional(text),
  }),
  z.strictObject({ kind: z.literal('client_credentials'), clientId: text, clientSecret: z.optional(text) }),
]);
export type AuthInput = z.output<typeof AuthInput>;

/** What the secret holds. */
export const Credentials = z.union([
  z.object({
    kind: z.literal('jwt'),
    clientId: z.string(),
    username: z.string(),
    privateKey: z.string(),
    loginUrl: z.optional(z.string()),
    audience: z.optional(z.string()),
  }),
  z.object({ kind: z.literal('client_credentials'), clientId: z.string(), clientSecret: z.string() }),
]);
export type Credentials = z.output<typeof Credentials>;

/** Who signs in, without what is secret. */
const PublicAuth = z.union([
  z.object({
    kind: z.literal('jwt'),
    clientId: z.string(),
    username: z.string(),
    loginUrl: z.optional(z.string()),
    audience: z.optional(z.string()),
  }),
  z.object({ kind: z.literal('client_credentials'), clientId: z.string() }),
]);

/** Salesforce's own share when no allotment is set, as HubSpot's. */
const usualAllotment = 5000;

const choices = {
  createAs: z._default(z.enum(['lead', 'contact']), 'lead'),
  importNew: z._default(z.strictObject({ leads: z.boolean(), contacts: z.boolean() }), { leads: true, contacts: true }),
  inclusionListId: z.optional(text),
  onSalesforceDelete: z._default(z.enum(['unlink', 'delete']), 'unlink'),
  stages: z._default(z.strictObject({ opportunity: z.boolean(), customer: z.boolean() }), {
    opportunity: true,
    customer: true,
  }),
  /** API calls in 24 hours. */
  allotment: z._default(z.int().check(z.minimum(1)), usualAllotment),
};

export const SettingsInput = z.strictObject({ instanceUrl: text, auth: AuthInput, ...choices });
export type SettingsInput = z.output<typeof SettingsInput>;

/** The settings as they are stored and shown. */
export const Settings = z.object({
  ...choices,
  instanceUrl: z.string(),
  auth: PublicAuth,
  organizationId: z.string(),
  connectedAt: z.string(),
});
export type Settings = z.output<typeof Settings>;

export const ErrorCategory = z.enum([
  'ASSOCIATIONS',
  'CUSTOM_CODE',
  'DUPLICATES',
  'PERMISSIONS',
  'PROPERTY_MAPPINGS',
  'PROPERTY_VALUES',
]);
export type ErrorCategory = z.output<typeof ErrorCategory>;

/** Our object type of a person, and the field by which Salesforce knows our record. */
export const contactType = '0-1';
export const externalIdField = 'Tsunagi_Id__c';

/** The job that marks records for the sync. */
export const backfillKind = 'salesforce-backfill';
