import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { demoApp } from '../../cdk/local/services/salesforce/seed.ts';
import { type Answer, OrgClient } from './salesforce-org.ts';

/** The addresses of a system that runs. */
type Reach = {
  readonly apiUrl: string;
  readonly publicUrl: string;
  readonly localUrl: string;
  readonly dynamodbUrl: string;
  readonly accessToken: string;
  readonly portalId: number;
};

type Run = {
  readonly id: string;
  readonly status: string;
  readonly pulled: number;
  readonly pushed: number;
  readonly skipped: number;
  readonly calls: number;
  readonly errors: number;
  readonly error?: string;
};
type SyncError = {
  readonly id: string;
  readonly category: string;
  readonly code: string;
  readonly message: string;
  readonly recordId: string | null;
  readonly salesforceId: string | null;
  readonly attempts: number;
};
type Health = {
  readonly running: boolean;
  readonly runs: readonly Run[];
  readonly watermarks: Record<string, string | null>;
  readonly outageSince?: string;
  readonly calls24h: number;
};
type Contact = { readonly id: string; readonly properties: Record<string, string | null> };
type Logged = { readonly type: string; readonly detail: Readonly<Record<string, unknown>> };
type SfRecord = Record<string, unknown> & { readonly Id: string };

const base = '/integrations/v1/salesforce';
const settings = {
  createAs: 'lead',
  importNew: { leads: true, contacts: true },
  onSalesforceDelete: 'unlink',
  stages: { opportunity: true, customer: true },
  allotment: 100_000,
};

/** The sync of a system and the Salesforce org of localhost that it is to be connected with, as both sides' people use them. */
export function salesforceOn(local: Reach) {
  const org = new OrgClient(local);
  async function api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(`${local.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${local.accessToken}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : undefined) as T };
  }
  const localCall = (method: string, path: string, body?: unknown) =>
    fetch(`${local.localUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const idle = async () => {
    await localCall('POST', '/idle');
  };
  const connect = (more: Record<string, unknown> = {}) =>
    api('PUT', `${base}/settings`, {
      ...settings,
      instanceUrl: org.url,
      auth: { kind: 'client_credentials', clientId: demoApp.clientId, clientSecret: demoApp.clientSecret },
      ...more,
    });
  const health = async () => (await api<Health>('GET', `${base}/health`)).body;
  return {
    org,
    api,
    idle,
    connect,
    health,
    advance: async (advanceMs: number) => {
      await localCall('POST', '/clock', { advanceMs });
    },
    /** What is under way comes to its end, then one run; the answer is that run. */
    sync: async (): Promise<Run> => {
      await idle();
      await api('POST', `${base}/sync`);
      await idle();
      return (await health()).runs[0] as Run;
    },
    errors: async (query = '') => (await api<{ results: SyncError[] }>('GET', `${base}/errors${query}`)).body.results,
    retry: (id: string) => api('POST', `${base}/errors/${id}/retry`),
    trouble: (input: Record<string, unknown>) => org.admin('POST', '/trouble', input),
    calm: () => org.admin('DELETE', '/trouble'),
    create: async (properties: Record<string, string>) =>
      (await api<Contact>('POST', '/crm/v3/objects/contacts', { properties })).body.id,
    change: (id: string, properties: Record<string, string>) =>
      api('PATCH', `/crm/v3/objects/contacts/${id}`, { properties }),
    read: async (id: string, names: readonly string[]) =>
      (await api<Contact>('GET', `/crm/v3/objects/contacts/${id}?properties=${names.join(',')}`)).body.properties,
    /** The values that a property had, newest first. */
    history: async (id: string, name: string) => {
      const { body } = await api<{ propertiesWithHistory: Record<string, { value: string; sourceType: string }[]> }>(
        'GET',
        `/crm/v3/objects/contacts/${id}?propertiesWithHistory=${name}`,
      );
      const results = body.propertiesWithHistory[name] ?? [];
      return { results: results.map(({ value, sourceType }) => ({ value, sourceType })) };
    },
    /** The log of a contact, oldest first. */
    log: async (id: string): Promise<Logged[]> => {
      const client = DynamoDBDocumentClient.from(
        new DynamoDBClient({
          endpoint: local.dynamodbUrl,
          region: 'ap-northeast-1',
          credentials: { accessKeyId: 'me', secretAccessKey: 'x' },
        }),
      );
      const { TableNames = [] } = await client.send(new ListTablesCommand({}));
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: TableNames[0],
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :event)',
          ExpressionAttributeValues: { ':pk': `0-1#${id}`, ':event': 'event#' },
        }),
      );
      return Items as Logged[];
    },
    find: async (email: string) => {
      const { body } = await api<Contact>('GET', `/crm/v3/objects/contacts/${email}?idProperty=email`);
      return body.id as string | undefined;
    },
    sf: {
      make: async (sobject: string, fields: Record<string, unknown>) =>
        (await org.admin<{ id: string }>('POST', `/records/${sobject}`, fields)).body.id,
      change: (sobject: string, id: string, fields: Record<string, unknown>) =>
        org.admin('PATCH', `/records/${sobject}/${id}`, fields),
      remove: (sobject: string, id: string) => org.admin('DELETE', `/records/${sobject}/${id}`),
      get: async (sobject: string, id: string) => (await org.admin<SfRecord>('GET', `/records/${sobject}/${id}`)).body,
      where: async (sobject: string, where: string) =>
        (await org.admin<{ results: SfRecord[] }>('GET', `/records/${sobject}?where=${encodeURIComponent(where)}`)).body
          .results,
    },
  };
}
export type Salesforce = ReturnType<typeof salesforceOn>;
