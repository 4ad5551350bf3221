import type { CallReport } from '../services/salesforce/calls.ts';
import type { Shown } from '../services/salesforce/represent.ts';
import { type Html, html } from './html.ts';
import { json, page, table } from './layout.ts';

const home = '/local/salesforce';

export type OrgSummary = {
  readonly org: Readonly<Record<string, unknown>>;
  readonly objects: readonly { readonly sobject: string; readonly records: number; readonly deleted: number }[];
  readonly calls: CallReport;
  readonly trouble: readonly Readonly<Record<string, unknown>>[];
};

/** The org at a glance. */
export const summaryPage = ({ org, objects, calls, trouble }: OrgSummary): string =>
  page(
    'Salesforce org',
    html`
      ${table(
        ['Object', 'Records', 'In the bin'],
        objects.map(({ sobject, records, deleted }) => [
          html`<a href="${home}/records/${sobject}">${sobject}</a>`,
          records,
          deleted > 0 &&
            html`<a href="${home}/records/${sobject}?deleted=true&where=IsDeleted%20%3D%20true">${deleted}</a>`,
        ]),
        'No objects.',
      )}
      <h2>API calls</h2>${json(calls)}
      <h2>Trouble</h2>${trouble.length === 0 ? html`<p class="none">No trouble is switched on.</p>` : json(trouble)}
      <h2>Set-up</h2>${json(org)}
    `,
  );

const columns = ['Name', 'Subject', 'Email', 'Company', 'StageName', 'Amount', 'Status', 'Role', 'SystemModstamp'];

/** The records of one object, the newest first. */
export const recordsPage = (sobject: string, records: readonly Shown[]): string => {
  const shown = columns.filter((name) => records.some((record) => (record[name] ?? null) !== null));
  return page(
    sobject,
    table(
      ['Id', ...shown],
      records.map((record) => [link(String(record.Id), sobject), ...shown.map((name) => record[name])]),
      `There is no ${sobject}.`,
    ),
  );
};

/** One record with what can be done to it. References lead on. */
export const recordPage = (record: Shown, deleted: boolean): string => {
  const { attributes, ...fields } = record;
  const { type } = attributes;
  const id = String(fields.Id);
  const convertible = type === 'Lead' && fields.IsConverted !== true && !deleted;
  return page(
    `${type}: ${String(fields.Name ?? fields.Subject ?? id)}`,
    html`
      <p>${convertible && button(`${home}/leads/${id}/convert`, 'Convert')}
      ${button(`${home}/records/${type}/${id}/${deleted ? 'restore' : 'delete'}`, deleted ? 'Restore' : 'Delete')}</p>
      ${table(
        ['Field', 'Value'],
        Object.entries(fields).map(([name, value]) => [name, cell(name, value)]),
        '',
      )}
    `,
  );
};

const button = (action: string, label: string): Html =>
  html`<form method="post" action="${action}" style="display:inline"><button>${label}</button></form> `;

const link = (id: string, sobject: string): Html => html`<a href="${home}/records/${sobject}/${id}">${id}</a>`;

/** An id says by its first characters where it leads. */
const prefixes: Readonly<Record<string, string>> = {
  '001': 'Account',
  '003': 'Contact',
  '005': 'User',
  '006': 'Opportunity',
  '00Q': 'Lead',
};

function cell(name: string, value: unknown): unknown {
  if (typeof value === 'boolean') return String(value);
  const target =
    typeof value === 'string' && name !== 'Id' && name.endsWith('Id') ? prefixes[value.slice(0, 3)] : undefined;
  return target ? link(String(value), target) : value;
}
