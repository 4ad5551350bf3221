import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot } from '../support/hubspot.ts';
import { testLocal } from '../support/local.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let client: Client;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
});
afterAll(() => local?.stop());

const mapped = [
  { columnObjectTypeId: '0-1', columnName: 'メール', propertyName: 'email', columnType: 'HUBSPOT_ALTERNATE_ID' },
  { columnObjectTypeId: '0-1', columnName: '姓', propertyName: 'lastname' },
];
const request = (file: object) => ({
  name: '名刺',
  importOperations: { '0-1': 'UPSERT' },
  files: [
    { fileName: 'cards.csv', fileFormat: 'CSV', fileImportPage: { hasHeader: true, columnMappings: mapped }, ...file },
  ],
});
const post = async (path: string, body: unknown) => {
  const headers = { authorization: `Bearer ${local.accessToken}`, 'content-type': 'application/json' };
  const response = await fetch(`${local.apiUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};
const isDone = async (id: string) => (await client.crm.imports.coreApi.getById(Number(id))).state === 'DONE';

test("HubSpot's client imports a file, follows it and reads what went wrong", async () => {
  const data = Buffer.from('メール,姓\r\nsato@example.co.jp,佐藤\r\nnobody,田中\r\n');
  const made = await client.crm.imports.coreApi.create({ data, name: 'cards.csv' }, JSON.stringify(request({})));
  await eventually('the import', () => isDone(made.id));

  const errors = await client.crm.imports.publicImportsApi.getErrors(Number(made.id), undefined, 10, true);
  expect(errors.results).toMatchObject([{ errorType: 'INVALID_EMAIL', sourceData: { lineNumber: 3 } }]);
  const found = await client.crm.contacts.basicApi.getById(
    'sato@example.co.jp',
    ['lastname'],
    undefined,
    undefined,
    false,
    'email',
  );
  expect(found.properties.lastname).toBe('佐藤');
  expect((await client.crm.imports.coreApi.getPage()).results.map(({ id }) => id)).toContain(made.id);
});

test('a file goes by a signed address, which takes exactly that file, and an export comes by one', async () => {
  const bytes = Buffer.from('メール,姓\r\nito@example.co.jp,伊藤\r\n');
  const { status, body: place } = await post('/crm/v1/files', {
    name: 'cards.csv',
    contentType: 'text/csv',
    size: bytes.length,
  });
  expect(status).toBe(201);
  const put = (address: string, body: Buffer) => fetch(address, { method: 'PUT', body: new Uint8Array(body) });
  expect((await put(place.uploadUrl ?? '', Buffer.from('other'))).status).toBe(403);
  expect((await put((place.uploadUrl ?? '').replace('uploads', 'results'), bytes)).status).toBe(403);
  expect((await put(place.uploadUrl ?? '', bytes)).status).toBe(200);

  const started = await post('/crm/v3/imports', request({ fileId: place.fileId }));
  expect(started.status).toBe(200);
  await eventually('the import', () => isDone(started.body.id ?? ''));

  // The client cannot send this union: its own serializer has no type for it.
  const { body: task } = await post('/crm/v3/exports/export/async', {
    exportType: 'VIEW',
    exportName: 'contacts',
    format: 'CSV',
    objectType: 'contacts',
    objectProperties: ['email', 'lastname'],
    language: 'JA',
    exportInternalValuesOptions: [],
    overrideAssociatedObjectsPerDefinitionPerRowLimit: false,
  });
  const id = Number(task.id);
  await eventually(
    'the export',
    async () => (await client.crm.exports.publicExportsApi.getStatus(id)).status === 'COMPLETE',
  );
  const { result = '' } = await client.crm.exports.publicExportsApi.getStatus(id);
  expect(await (await fetch(result)).text()).toContain(',ito@example.co.jp,伊藤\r\n');
});

test('the table agrees with itself at the end', () => expectVerified(local));
