import {
  email,
  externalId,
  type Field,
  field,
  flag,
  longText,
  phone,
  picklist,
  readOnly,
  reference,
  required,
  text,
} from './field.ts';
import { type SObject, sobject } from './sobject.ts';
import { stages } from './stages.ts';

const calculated = { ...readOnly, calculated: true };
const sources = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];
const statuses = ['Open - Not Contacted', 'Working - Contacted', 'Closed - Converted', 'Closed - Not Converted'];
const taskStatuses = ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred'];

const owner = reference('OwnerId', ['User'], { nillable: false });
const masterRecord = (type: string) => reference('MasterRecordId', [type], readOnly);
const lastActivity = field('LastActivityDate', 'date', readOnly);

const address = (prefix: string): Field[] => [
  field(`${prefix}Street`, 'textarea', { length: 255 }),
  text(`${prefix}City`, 40),
  text(`${prefix}State`, 80),
  text(`${prefix}PostalCode`, 20),
  text(`${prefix}Country`, 80),
];

const person: readonly Field[] = [
  text('LastName', 80, required),
  text('FirstName', 40),
  text('Salutation', 40),
  text('Name', 121, { nillable: false, ...calculated }),
  text('Title', 128),
  email('Email'),
  phone('Phone'),
  phone('MobilePhone'),
  phone('Fax'),
  picklist('LeadSource', sources),
  longText('Description'),
  flag('HasOptedOutOfEmail'),
  flag('DoNotCall'),
  owner,
  lastActivity,
  externalId('Tsunagi_Id__c', true),
];

const user = sobject('User', '005', [
  text('Username', 80, required),
  text('LastName', 80, required),
  text('FirstName', 40),
  text('Name', 121, { nillable: false, ...calculated }),
  text('Alias', 8),
  email('Email'),
  text('Title', 80),
  phone('Phone'),
  flag('IsActive', { defaultValue: true }),
  picklist('UserType', ['Standard'], { defaultValue: 'Standard', ...readOnly }),
]);

const account = sobject('Account', '001', [
  text('Name', 255, required),
  picklist('Type', ['Prospect', 'Customer - Direct', 'Channel Partner / Reseller', 'Other']),
  reference('ParentId', ['Account']),
  ...address('Billing'),
  ...address('Shipping'),
  phone('Phone'),
  phone('Fax'),
  text('AccountNumber', 40),
  field('Website', 'url', { length: 255 }),
  picklist('Industry', ['Apparel', 'Consulting', 'Media', 'Retail', 'Technology', 'Other']),
  field('AnnualRevenue', 'currency'),
  field('NumberOfEmployees', 'int'),
  longText('Description'),
  owner,
  masterRecord('Account'),
  lastActivity,
  externalId('Tsunagi_Id__c', true),
  externalId('Legacy_Number__c', false),
]);

const contact = sobject('Contact', '003', [
  ...person,
  reference('AccountId', ['Account']),
  reference('ReportsToId', ['Contact']),
  text('Department', 80),
  field('Birthdate', 'date'),
  ...address('Mailing'),
  masterRecord('Contact'),
  externalId('Legacy_Number__c', false),
]);

const lead = sobject('Lead', '00Q', [
  ...person,
  text('Company', 255, required),
  field('Website', 'url', { length: 255 }),
  picklist('Industry', ['Apparel', 'Consulting', 'Media', 'Retail', 'Technology', 'Other']),
  picklist('Status', statuses, { nillable: false, defaultValue: 'Open - Not Contacted' }),
  picklist('Rating', ['Hot', 'Warm', 'Cold']),
  field('AnnualRevenue', 'currency'),
  field('NumberOfEmployees', 'int'),
  ...['Street', 'City', 'State', 'PostalCode', 'Country'].map((name) => text(name, name === 'Street' ? 255 : 80)),
  flag('IsConverted', readOnly),
  field('ConvertedDate', 'date', readOnly),
  reference('ConvertedAccountId', ['Account'], readOnly),
  reference('ConvertedContactId', ['Contact'], readOnly),
  reference('ConvertedOpportunityId', ['Opportunity'], readOnly),
  masterRecord('Lead'),
]);

const opportunity = sobject('Opportunity', '006', [
  text('Name', 120, required),
  reference('AccountId', ['Account']),
  picklist('StageName', Object.keys(stages), required),
  field('Amount', 'currency'),
  field('Probability', 'percent'),
  field('CloseDate', 'date', required),
  picklist('Type', ['Existing Customer - Upgrade', 'New Customer']),
  picklist('LeadSource', sources),
  text('NextStep', 255),
  longText('Description'),
  flag('IsClosed', calculated),
  flag('IsWon', calculated),
  owner,
  lastActivity,
  externalId('Tsunagi_Id__c', true),
]);

const contactRole = sobject('OpportunityContactRole', '00K', [
  reference('OpportunityId', ['Opportunity'], { nillable: false, updateable: false }),
  reference('ContactId', ['Contact'], { nillable: false, updateable: false }),
  picklist('Role', ['Business User', 'Decision Maker', 'Economic Buyer', 'Evaluator', 'Influencer', 'Other']),
  flag('IsPrimary'),
]);

const task = sobject('Task', '00T', [
  reference('WhoId', ['Contact', 'Lead']),
  reference('WhatId', ['Account', 'Opportunity']),
  text('Subject', 255),
  field('ActivityDate', 'date'),
  picklist('Status', taskStatuses, { nillable: false, defaultValue: 'Not Started' }),
  picklist('Priority', ['High', 'Normal', 'Low'], { nillable: false, defaultValue: 'Normal' }),
  picklist('Type', ['Call', 'Email', 'Meeting', 'Other']),
  picklist('TaskSubtype', ['Task', 'Email', 'Call'], { defaultValue: 'Task', updateable: false }),
  reference('AccountId', ['Account'], calculated),
  flag('IsClosed', calculated),
  longText('Description'),
  owner,
  externalId('Tsunagi_Event_Id__c', true),
]);

/** Every object of the org. */
export const objects: readonly SObject[] = [user, account, contact, lead, opportunity, contactRole, task];

const byName = new Map(objects.map((type) => [type.name.toLowerCase(), type]));
const byPrefix = new Map(objects.map((type) => [type.prefix, type]));

/** An object by its name in any case. */
export const objectNamed = (name: string): SObject | undefined => byName.get(name.toLowerCase());

/** The object that an id belongs to. */
export const objectOfId = (id: string): SObject | undefined => byPrefix.get(id.slice(0, 3));
