import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { JobMessage, workOn } from '../../../lib/jobs/work.ts';
import { type Answer, call } from '../../support/call.ts';
import { bearer, startDatabase } from '../../support/database.ts';
import { startFiles } from '../../support/files.ts';

type Json = Record<string, unknown>;
export type Column = { columnName: string; propertyName?: string | null; columnObjectTypeId?: string } & Json;

/** The table, the bucket and the queue of jobs, in this process. */
export async function startImports() {
  const database = await startDatabase();
  const files = await startFiles();
  const waiting: JobMessage[] = [];
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries = [] }: { Entries?: { MessageBody?: string }[] }) => {
    // Messages of other queues are nobody's here.
    const read = Entries.map(({ MessageBody = '' }) => JobMessage.safeParse(JSON.parse(MessageBody)));
    waiting.push(...read.flatMap(({ data }) => data ?? []));
    return { Successful: [], Failed: [] };
  });

  const request = async (id: string, given: Parameters<typeof call>[1] = {}): Promise<Answer & { body: Json }> => {
    const [area, file] = id.split('/');
    const { handler } = (await import(`../../../functions/${area}/${file}.ts`)) as { handler: unknown };
    const answer = await call(handler, { ...given, headers: { ...bearer(), ...given.headers } });
    return answer as Answer & { body: Json };
  };

  /** Hands over everything that waits, each message `times` times at once. */
  const drain = async (times = 1): Promise<void> => {
    for (let message = waiting.shift(); message; message = waiting.shift()) {
      const copies = Array.from({ length: times }, () => workOn(database.app, message as JobMessage, jobKinds));
      await Promise.all(copies);
    }
  };

  /** Sends files with a request as HubSpot's clients do. */
  const send = async (
    importRequest: Json,
    contents: Readonly<Record<string, string | Buffer>>,
  ): Promise<Answer & { body: Json }> => {
    const form = new FormData();
    form.set('importRequest', JSON.stringify(importRequest));
    for (const [name, content] of Object.entries(contents))
      form.append('files', new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), name);
    const sent = new Response(form);
    const body = Buffer.from(await sent.arrayBuffer());
    return request('imports/create', {
      rawBody: body,
      headers: { 'content-type': sent.headers.get('content-type') ?? '' },
    });
  };

  return {
    app: database.app,
    request,
    send,
    drain,
    waiting,
    get: async (id: unknown) => (await request('imports/get', { path: { importId: String(id) } })).body as Json,
    errors: async (id: unknown) =>
      (
        await request('imports/list-errors', {
          path: { importId: String(id) },
          query: { includeErrorMessage: 'true', includeRowData: 'true', limit: '100' },
        })
      ).body.results as Json[],
    contact: async (email: string) =>
      (
        await request('objects/get', {
          path: { objectType: 'contacts', objectId: email },
          query: { idProperty: 'email', properties: 'email,firstname,lastname,phone,lifecyclestage' },
        })
      ).body as { id: string; properties: Record<string, string> },
    stop: async () => {
      sqs.restore();
      await files.close();
      await database.close();
    },
  };
}

/** One file with columns of contacts. */
export const contactsRequest = (columnMappings: readonly Column[], more: Json = {}, file: Json = {}): Json => ({
  name: '展示会',
  importOperations: { '0-1': 'UPSERT' },
  files: [
    {
      fileName: 'people.csv',
      fileFormat: 'CSV',
      fileImportPage: {
        hasHeader: true,
        columnMappings: columnMappings.map((column) => ({ columnObjectTypeId: '0-1', ...column })),
      },
      ...file,
    },
  ],
  ...more,
});

export const names: readonly Column[] = [
  { columnName: 'メール', propertyName: 'email', columnType: 'HUBSPOT_ALTERNATE_ID' },
  { columnName: '姓', propertyName: 'lastname' },
];
