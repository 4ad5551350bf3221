import type { DemoClient } from './client.ts';

type Org = { readonly instanceUrl: string; readonly clientId: string; readonly clientSecret: string };
type Connected = { readonly instanceUrl: string; readonly organizationId: string; readonly connectedAt: string };

/** Connects the Salesforce org of localhost, unless another one is connected. The port may differ from the last start's. */
export async function loadSalesforce(client: DemoClient, localUrl: string): Promise<void> {
  const path = '/integrations/v1/salesforce/settings';
  const known = await client.call<Connected>('GET', path, undefined, { expected: [404] });
  const own = /^http:\/\/127\.0\.0\.1:\d+\/local\/salesforce$/;
  const org = await orgOf(localUrl);
  if (known && (known.instanceUrl === org.instanceUrl || !own.test(known.instanceUrl))) return;
  const { organizationId: _, connectedAt: __, ...choices } = known ?? {};
  await client.call('PUT', path, {
    ...choices,
    instanceUrl: org.instanceUrl,
    auth: { kind: 'client_credentials', clientId: org.clientId, clientSecret: org.clientSecret },
  });
}

async function orgOf(localUrl: string): Promise<Org> {
  const response = await fetch(`${localUrl}/salesforce/org`);
  if (!response.ok) throw new Error(`The Salesforce org of localhost answered ${response.status}`);
  return (await response.json()) as Org;
}
