import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { demoApp } from '../../cdk/local/services/salesforce/seed.ts';

export type Answer<T = unknown> = { readonly status: number; readonly headers: Headers; readonly body: T };

/** The demo org as a program with a session sees it, and as a person who works in it. */
export class OrgClient {
  readonly url: string;
  #token = '';

  constructor({ localUrl }: Pick<LocalSystem, 'localUrl'>) {
    this.url = `${localUrl}/salesforce`;
  }

  /** Asks for a session as the demo's connected app. */
  async login(): Promise<void> {
    const { body } = await this.token({
      grant_type: 'client_credentials',
      client_id: demoApp.clientId,
      client_secret: demoApp.clientSecret,
    });
    this.#token = String(body.access_token);
  }

  async token(form: Record<string, string>): Promise<Answer<Record<string, unknown>>> {
    const response = await fetch(`${this.url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  /** A call of the REST API; `path` follows the version. */
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return await send<T>(method, `${this.url}/services/data/v63.0${path}`, body, {
      authorization: `Bearer ${this.#token}`,
      ...headers,
    });
  }

  /** Runs SOQL. */
  async query<T = Record<string, unknown>>(soql: string, all = false): Promise<Answer<QueryPage<T>>> {
    return await this.call(`GET`, `/query${all ? 'All' : ''}?q=${encodeURIComponent(soql)}`);
  }

  /** A call of what a person, or a test, does behind the API's back. */
  async admin<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    return await send<T>(method, `${this.url}${path}`, body);
  }
}

export type QueryPage<T = Record<string, unknown>> = {
  readonly totalSize: number;
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: readonly (T & { Id: string })[];
};

async function send<T>(
  method: string,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
}
