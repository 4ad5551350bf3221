import { expect } from 'vitest';
import { api, type Reach } from './landing-page.ts';

type Counters = Readonly<Record<string, number>>;
export type Imported = {
  readonly id: string;
  readonly jobId: string;
  readonly changeSetId: string;
  readonly state: string;
  readonly message?: string;
  readonly metadata: { readonly counters: Counters };
};

export type Place = { readonly fileId: string; readonly uploadUrl: string };

const columnMappings = [
  { columnObjectTypeId: '0-1', columnName: 'メール', propertyName: 'email', columnType: 'HUBSPOT_ALTERNATE_ID' },
  { columnObjectTypeId: '0-1', columnName: '姓', propertyName: 'lastname' },
  { columnObjectTypeId: '0-1', columnName: '会社', propertyName: 'company' },
];

/** A file of contacts, whose rows are an address, a name and a company. */
export const fileOf = (rows: readonly string[]): Buffer =>
  Buffer.from(['メール,姓,会社', ...rows, ''].join('\r\n'), 'utf8');

export const placeFor = (system: Reach, file: Buffer): Promise<Place> =>
  api(system, 'POST', '/crm/v1/files', { name: 'people.csv', contentType: 'text/csv', size: file.length });

export async function upload(place: Place, file: Buffer): Promise<void> {
  const { status } = await fetch(place.uploadUrl, { method: 'PUT', body: new Uint8Array(file) });
  expect(status).toBe(200);
}

export const startImport = (system: Reach, { fileId }: Place, name: string): Promise<Imported> =>
  api(system, 'POST', '/crm/v3/imports', {
    name,
    importOperations: { '0-1': 'UPSERT' },
    files: [{ fileName: 'people.csv', fileFormat: 'CSV', fileId, fileImportPage: { hasHeader: true, columnMappings } }],
  });

export const importOf = (system: Reach, id: string): Promise<Imported> => api(system, 'GET', `/crm/v3/imports/${id}`);

/** The lines of the result but the header, as cells. */
export async function resultOf(system: Reach, id: string): Promise<string[][]> {
  const { url } = await api<{ url: string }>(system, 'GET', `/crm/v1/imports/${id}/result`);
  const lines = (await (await fetch(url)).text()).trimEnd().split('\r\n');
  return lines.slice(1).map((line) => line.split(','));
}

/** All contacts of a company, page after page. */
export async function contactsOf(system: Reach, company: string) {
  type Found = { id: string; properties: { email: string; lastname: string } };
  type Page = { results: Found[]; paging?: { next?: { after: string } } };
  const found: Found[] = [];
  let after: string | undefined;
  do {
    const { results, paging }: Page = await api<Page>(system, 'POST', '/crm/v3/objects/contacts/search', {
      filterGroups: [{ filters: [{ propertyName: 'company', operator: 'EQ', value: company }] }],
      properties: ['email', 'lastname'],
      limit: 200,
      ...(after && { after }),
    });
    found.push(...results);
    after = paging?.next?.after;
  } while (after);
  return found;
}
