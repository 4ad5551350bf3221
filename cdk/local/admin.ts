import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { write } from './gateway.ts';
import { adminRoutes } from './host/admin-routes.ts';
import type { HttpAnswer } from './host/http-answer.ts';
import { isLocalHost } from './host/local-host.ts';
import { readBody } from './host/read-body.ts';
import { decode } from './host/route-table.ts';
import type { Parts } from './host/wiring.ts';
import type { LocalAddresses } from './local-system.ts';

/** One call of `/local`, taken apart. */
export type AdminCall = {
  readonly method: string;
  /** Path and query as they came, still encoded. */
  readonly url: string;
  readonly parameters: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** What a route answers: data with the page that shows it, a ready answer, one that breaks off in its middle, or a broken connection. */
export type AdminAnswer =
  | { readonly data: unknown; readonly status?: number; readonly page?: () => string; readonly location?: string }
  | HttpAnswer
  | { readonly cut: HttpAnswer }
  | 'disconnect';

export type AdminRoute = {
  /** `*` takes every method. */
  readonly method: string;
  readonly path: RegExp;
  readonly run: (call: AdminCall) => AdminAnswer | Promise<AdminAnswer>;
};

/** zod's small edition says no more than "Invalid input" until it is given words. */
z.config(z.locales.en());

const largestBody = 40 * 1024 * 1024;
const prefix = '/local';

/** The calls and pages under `/local`: what a developer or a test sees and does behind the product's back. */
export class Admin {
  private readonly routes: readonly AdminRoute[];

  constructor(parts: Parts, addresses: LocalAddresses) {
    this.routes = adminRoutes(parts, addresses);
  }

  /** Whether a URL is one of these. */
  owns(url = ''): boolean {
    return url.startsWith(prefix) && (url.length === prefix.length || '/?'.includes(url.charAt(prefix.length)));
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(message, largestBody);
    const answer = isLocal(message)
      ? await this.answer(message, body)
      : refusal(403, 'Only for requests of this machine to localhost');
    if (answer === 'disconnect') {
      message.socket.destroy();
      return;
    }
    if ('cut' in answer) return breakOff(response, answer.cut);
    write(response, 'body' in answer ? answer : render(answer, message));
  }

  private async answer(message: IncomingMessage, body: Buffer | undefined): Promise<AdminAnswer> {
    if (!body) return refusal(413, 'The body is too large');
    const url = new URL(`http://localhost${message.url}`);
    const path = url.pathname.slice(prefix.length).replace(/\/$/, '');
    const onPath = this.routes.filter((route) => route.path.test(path));
    const route = onPath.find(({ method }) => method === message.method || method === '*');
    if (!route)
      return onPath.length > 0
        ? refusal(405, `${message.method} is not for this address`)
        : refusal(404, 'No such address');
    const parameters = (route.path.exec(path) ?? []).slice(1).map((part) => decode(part ?? ''));
    const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
    try {
      return await route.run({
        method: message.method ?? 'GET',
        url: message.url ?? '',
        parameters,
        query: url.searchParams,
        headers,
        body,
      });
    } catch (error) {
      if (error instanceof z.core.$ZodError) return refusal(400, z.prettifyError(error));
      if (error instanceof SyntaxError || error instanceof RangeError) return refusal(400, error.message);
      throw error;
    }
  }
}

const refusal = (status: number, message: string): AdminAnswer => ({ status, data: { message } });

/** A page of another site can make a browser send requests here, under a name of its own or straight from its scripts. */
function isLocal({ headers, method }: IncomingMessage): boolean {
  const { host, origin } = headers;
  const harmless = method === 'GET' || origin === undefined || isLocalHost(origin.replace(/^https?:\/\//, ''));
  return isLocalHost(host) && harmless;
}

/** Sends half of an answer that says it is whole, then breaks the connection. */
function breakOff(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  const bytes = Buffer.from(body);
  if (bytes.length === 0) {
    response.destroy();
    return;
  }
  response.writeHead(status, { ...(headers as Record<string, string | string[]>), 'content-length': bytes.length });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

function render(
  { data, status = 200, page, location }: Extract<AdminAnswer, { data: unknown }>,
  { headers }: IncomingMessage,
): HttpAnswer {
  const wantsPage = headers.accept?.includes('text/html') ?? false;
  if (wantsPage && location) return { status: 303, headers: { location }, body: '' };
  if (wantsPage && page) return { status, headers: { 'content-type': 'text/html;charset=utf-8' }, body: page() };
  return { status, headers: { 'content-type': 'application/json;charset=utf-8' }, body: JSON.stringify(data, null, 2) };
}
