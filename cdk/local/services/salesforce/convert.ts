import * as z from 'zod/mini';
import { ApiError } from './api-error.ts';
import { childrenOf } from './cascade.ts';
import type { Fields } from './field.ts';
import { objectNamed } from './objects.ts';
import { isDeleted, type Records, type Stored } from './records.ts';
import type { SObject } from './sobject.ts';
import type { Author, Writes } from './writes.ts';

const ConvertInput = z.strictObject({
  createOpportunity: z._default(z.boolean(), false),
  /** The new account's name; the lead's company without it. */
  accountName: z.optional(z.string()),
  /** An account or contact that is there already. */
  accountId: z.optional(z.string()),
  contactId: z.optional(z.string()),
  opportunityName: z.optional(z.string()),
});

/** What a lead became. */
export type Converted = {
  readonly leadId: string;
  readonly accountId: string;
  readonly contactId: string;
  readonly opportunityId: string | null;
};

type Tools = { readonly records: Records; readonly writes: Writes; readonly author: Author };

/** Salesforce's "Convert": account, contact and, if asked for, an opportunity with the contact's role. @throws ApiError, zod's error */
export function convertLead(id: string, input: unknown, tools: Tools): Converted {
  const order = ConvertInput.parse(input);
  const { records, writes, author } = tools;
  const lead = records.get(id);
  if (lead?.type.name !== 'Lead' || isDeleted(lead)) throw new ApiError('NOT_FOUND', 'There is no such lead');
  if (lead.fields.IsConverted === true)
    throw new ApiError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
  const accountId = order.accountId ?? create('Account', accountOf(lead, order.accountName), tools);
  const contactId = order.contactId ?? create('Contact', contactOf(lead, accountId), tools);
  const opportunityId = order.createOpportunity ? opportunityOf(lead, { accountId, contactId }, order, tools) : null;
  for (const { child, field } of childrenOf(lead, records)) writes.overwrite(child, { [field]: contactId }, author);
  writes.overwrite(
    lead,
    {
      IsConverted: true,
      Status: 'Closed - Converted',
      ConvertedDate: author.now.slice(0, 10),
      ConvertedAccountId: accountId,
      ConvertedContactId: contactId,
      ConvertedOpportunityId: opportunityId,
    },
    author,
  );
  return { leadId: id, accountId, contactId, opportunityId };
}

const typeNamed = (name: string): SObject => {
  const type = objectNamed(name);
  if (!type) throw new ApiError('INVALID_TYPE', `sObject type '${name}' is not supported.`);
  return type;
};

const create = (name: string, input: Fields, { writes, author }: Tools) =>
  writes.create(typeNamed(name), input, author);

const picked = ({ fields }: Stored, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));

function accountOf(lead: Stored, name: string | undefined): Fields {
  const same = picked(lead, ['Phone', 'Fax', 'Website', 'Industry', 'AnnualRevenue', 'NumberOfEmployees', 'OwnerId']);
  const { Street, City, State, PostalCode, Country } = lead.fields;
  const address = {
    BillingStreet: Street,
    BillingCity: City,
    BillingState: State,
    BillingPostalCode: PostalCode,
    BillingCountry: Country,
  };
  const given = Object.entries(address).map(([key, value]) => [key, value ?? null] as const);
  return { Name: name ?? lead.fields.Company ?? null, ...same, ...Object.fromEntries(given) };
}

const sameInContact = [
  'LastName',
  'FirstName',
  'Salutation',
  'Title',
  'Email',
  'Phone',
  'MobilePhone',
  'Fax',
  'LeadSource',
  'Description',
  'HasOptedOutOfEmail',
  'DoNotCall',
  'OwnerId',
];

/** Fields of the outside system stay with the lead: a new org maps no custom field. */
const contactOf = (lead: Stored, accountId: string): Fields => ({
  ...picked(lead, sameInContact),
  AccountId: accountId,
});

function opportunityOf(
  lead: Stored,
  { accountId, contactId }: { accountId: string; contactId: string },
  { opportunityName = `${lead.fields.Company}-` }: z.output<typeof ConvertInput>,
  tools: Tools,
): string {
  const id = create(
    'Opportunity',
    {
      Name: opportunityName,
      AccountId: accountId,
      StageName: 'Prospecting',
      CloseDate: quarterEnd(tools.author.now),
      ...picked(lead, ['LeadSource', 'OwnerId']),
    },
    tools,
  );
  create('OpportunityContactRole', { OpportunityId: id, ContactId: contactId, IsPrimary: true }, tools);
  return id;
}

/** The day on which Salesforce expects a new opportunity to close. */
function quarterEnd(now: string): string {
  const [year = 0, month = 1] = now.split('-').map(Number);
  return new Date(Date.UTC(year, Math.ceil(month / 3) * 3, 0)).toISOString().slice(0, 10);
}
