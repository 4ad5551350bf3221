import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Field = {
  readonly name: string;
  readonly type: string;
  readonly externalId?: boolean;
  readonly updateable?: boolean;
};

const person: readonly Field[] = [
  { name: 'LastName', type: 'string' },
  { name: 'FirstName', type: 'string' },
  { name: 'Email', type: 'email' },
  { name: 'Phone', type: 'phone' },
  { name: 'Birthdate', type: 'date' },
  { name: 'DoNotCall', type: 'boolean' },
  { name: 'Score__c', type: 'double', updateable: false },
  { name: 'OwnerId', type: 'reference' },
];
const needed = (name: string): Field => ({ name, type: 'string', externalId: true });

/** Answers what the set-up asks: a session, and the fields of the objects. */
export async function startFakeOrg() {
  const org = {
    fields: {
      Lead: [...person, { name: 'Company', type: 'string' }, needed('Tsunagi_Id__c')],
      Contact: [...person, needed('Tsunagi_Id__c')],
      Account: [needed('Tsunagi_Id__c')],
      Opportunity: [needed('Tsunagi_Id__c')],
      Task: [needed('Tsunagi_Event_Id__c')],
    } as Record<string, Field[]>,
    organizationId: '00D5g000004TsunEAC',
    token: { status: 200, body: undefined as unknown },
    forms: [] as URLSearchParams[],
    headers: {} as Record<string, string>,
  };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8');
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json', ...org.headers }).end(JSON.stringify(value));
    if (request.url === '/services/oauth2/token') {
      org.forms.push(new URLSearchParams(body));
      const id = `https://login.salesforce.com/id/${org.organizationId}/0055g000004TsunAAC`;
      return json(org.token.status, org.token.body ?? { access_token: 'secret', id });
    }
    const [, sobject = ''] = /sobjects\/(\w+)\/describe$/.exec(request.url ?? '') ?? [];
    return json(200, { fields: org.fields[sobject] ?? [] });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { org, url, close: () => server.close() };
}
