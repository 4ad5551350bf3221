import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiName } from '../../lib/core/apis.ts';
import { Cors } from './host/cors.ts';
import { gatewayMessage, type HttpAnswer, httpAnswer } from './host/http-answer.ts';
import { httpEvent } from './host/http-event.ts';
import { readBody } from './host/read-body.ts';
import { RouteTable } from './host/route-table.ts';
import type { Invoke, StackModel } from './model.ts';

export type GatewayOptions = Pick<StackModel, 'routes' | 'cors' | 'front'> & {
  readonly invoke: Invoke;
  readonly accountId: string;
  readonly now: () => number;
};

/** AWS answers 413 beyond 10 MB by itself; here the function gets the chance to answer in HubSpot's words up to this size. */
const largestBody = 20 * 1024 * 1024;

/** The request line and all header lines together. AWS takes 10,240 bytes. */
const largestHead = 16 * 1024;

/**
 * The HTTP APIs of the stack on one port: routes, payload format 2.0 and CORS as API Gateway has them. A path that the public API has is
 * its own, any other goes where the front of the token APIs sends it.
 */
export class Gateway {
  private readonly options: GatewayOptions;
  private readonly tables: ReadonlyMap<ApiName, RouteTable>;
  private readonly cors: ReadonlyMap<ApiName, Cors>;

  constructor(options: GatewayOptions) {
    this.options = options;
    const routes = Map.groupBy(options.routes, ({ api }) => api);
    this.tables = new Map([...routes].map(([api, own]) => [api, new RouteTable(own)]));
    const allowed = Object.entries(options.cors).filter(([, configuration]) => configuration);
    this.cors = new Map(allowed.map(([api, configuration]) => [api as ApiName, new Cors(configuration)]));
  }

  /** Serves one request. */
  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/', query = ''] = splitUrl(message.url ?? '/');
    const api = this.apiOf(path);
    const cors = this.cors.get(api);
    const { origin } = message.headers;
    if (cors && message.method === 'OPTIONS') {
      return write(response, { status: 204, headers: cors.preflightHeaders(origin), body: '' });
    }
    const answer = await this.answer(message, api, [path, query]);
    write(response, cors ? withCors(answer, cors.headersFor(origin)) : answer);
  }

  private apiOf(path: string): ApiName {
    if (this.tables.get('public')?.knows(path)) return 'public';
    return this.options.front.find(({ prefix }) => path.startsWith(prefix))?.api ?? 'api';
  }

  private async answer(
    message: IncomingMessage,
    api: ApiName,
    [path, query]: readonly [string, string],
  ): Promise<HttpAnswer> {
    if (headSize(message) > largestHead) return gatewayMessage(431, 'Request Header Fields Too Large');
    const body = await readBody(message, largestBody);
    if (!body)
      return {
        ...gatewayMessage(413, 'Request Entity Too Large'),
        headers: { 'content-type': 'application/json', connection: 'close' },
      };
    const match = this.tables.get(api)?.match(message.method ?? 'GET', path);
    if (!match) return gatewayMessage(404, 'Not Found');
    const { invoke, accountId, now } = this.options;
    const event = httpEvent({ message, body, path, query, now: now() }, match, accountId);
    const answer = httpAnswer(await invoke(match.route.functionId, event));
    return { ...answer, headers: { 'apigw-requestid': event.requestContext.requestId, ...answer.headers } };
  }
}

const headSize = ({ url = '', rawHeaders }: IncomingMessage): number =>
  rawHeaders.reduce((size, part) => size + part.length, url.length);

function splitUrl(url: string): readonly [string, string] {
  const mark = url.indexOf('?');
  return mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function withCors(answer: HttpAnswer, headers: Record<string, string>): HttpAnswer {
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  return { ...answer, headers: { ...Object.fromEntries(own), ...headers } };
}

/** Writes an answer with its length. */
export function write(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  if (response.destroyed) return;
  const bodyless = status === 204 || status === 304;
  response.writeHead(status, {
    ...(headers as Record<string, string | string[]>),
    ...(!bodyless && { 'content-length': Buffer.byteLength(body) }),
  });
  response.end(bodyless ? undefined : body);
}
