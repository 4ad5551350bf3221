import { Client } from '@hubspot/api-client';

/** HubSpot's own client, pointed at us by nothing but `basePath`. */
export const hubspot = ({ apiUrl, accessToken }: { readonly apiUrl: string; readonly accessToken: string }) =>
  new Client({ basePath: apiUrl, accessToken, limiterOptions: { maxConcurrent: 50, minTime: 0 } });

type Refusal = { readonly code: number; readonly body: Record<string, unknown> };

/** What the client rejects with: the status and HubSpot's error body. Fails when the call succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome === undefined) throw new Error('the call succeeded');
  const { code, body } = outcome as { code?: unknown; body?: unknown };
  if (typeof code !== 'number') throw outcome;
  return { code, body: (typeof body === 'string' ? JSON.parse(body) : body) as Record<string, unknown> };
}
