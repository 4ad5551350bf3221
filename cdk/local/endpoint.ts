import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoError } from './dynamodb/errors.ts';
import type { CallCounts } from './host/call-counts.ts';
import type { Place } from './host/identity.ts';
import { isLocalHost } from './host/local-host.ts';
import { type AwsCall, itemsWritten, permissionsFor } from './host/permissions.ts';
import { readBody } from './host/read-body.ts';
import type { Iam } from './iam.ts';
import type { Clock, SecretModel } from './model.ts';
import { type FaultService, faultServices } from './services/fault-errors.ts';
import type { Faults } from './services/faults.ts';
import { QueryError } from './services/query-protocol.ts';
import { checkPresigned, isPresigned } from './services/s3/presigned.ts';
import { readS3Request } from './services/s3/request.ts';
import type { S3 } from './services/s3/s3.ts';
import { S3Error } from './services/s3/s3-error.ts';
import { WireError, type WireResponse } from './services/wire-error.ts';

/** A service behind the endpoint: JSON ones answer with an object, SES with its XML. */
type Service = (call: AwsCall) => unknown;

export type EndpointOptions = {
  readonly services: Readonly<Record<string, Service>>;
  /** S3 stands apart: its bodies are files, which are streamed. */
  readonly s3: S3;
  readonly clock: Clock;
  readonly iam: Iam;
  readonly place: Place;
  readonly secrets: readonly SecretModel[];
  readonly faults: Faults;
  readonly counts: CallCounts;
  /** Told of errors that are this emulation's own. */
  readonly report: (line: string) => void;
};

/** SES takes mails of 40 MB; nothing else here is that large. */
const largestBody = 64 * 1024 * 1024;

const contentTypes: Readonly<Record<string, string>> = {
  dynamodb: 'application/x-amz-json-1.0',
  sqs: 'application/x-amz-json-1.0',
  events: 'application/x-amz-json-1.1',
  secretsmanager: 'application/x-amz-json-1.1',
  ses: 'text/xml',
};

type Caller = { readonly accessKeyId: string; readonly service: string };
type Answer = WireResponse | 'disconnect';

/** The one address of AWS: finds out who calls which service, whether the policies allow it, and what comes of it. */
export class Endpoint {
  private readonly options: EndpointOptions;

  constructor(options: EndpointOptions) {
    this.options = options;
  }

  /** Serves one request. */
  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://127.0.0.1');
    const signed = isPresigned(url) ? `Credential=${url.searchParams.get('X-Amz-Credential')}` : undefined;
    const caller = callerOf(message.headers.authorization ?? signed);
    if (caller?.service === 's3') return this.serveS3(caller, url, message, response);
    const body = await readBody(message, largestBody);
    const answer = await this.answer(caller, message, body);
    if (answer === 'disconnect') {
      message.socket.destroy();
      return;
    }
    response.writeHead(answer.statusCode, {
      ...answer.headers,
      'content-length': Buffer.byteLength(answer.body),
      'x-amzn-requestid': randomUUID(),
    });
    response.end(answer.body);
  }

  /** A signed address acts for the function that signed it, with its rights of this moment. */
  private async serveS3(caller: Caller, url: URL, message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!isLocalHost(message.headers.host)) throw new S3Error('AccessDenied', 'Only for requests to localhost');
      if (isPresigned(url)) checkPresigned(message, url, this.options.clock.now());
      const request = readS3Request(message, url);
      const isFunction = this.options.iam.isFunction(caller.accessKeyId);
      const { action, bucket, key } = request;
      const call: AwsCall = { service: 's3', action, body: { Bucket: bucket, Key: key } };
      if (isFunction) this.authorise(caller.accessKeyId, call);
      const fault = isFunction ? this.options.faults.decide('s3', action, call.body) : undefined;
      if (fault?.kind === 'drop') return void message.socket.destroy();
      if (fault?.kind === 'throttle' || fault?.kind === 'error') throw fault.error;
      if (fault?.kind === 'latency') await pause(fault.latencyMs);
      await this.options.s3.serve(request, message, response);
    } catch (error) {
      const { statusCode, headers, body } = this.errorAnswer(error, 's3');
      message.resume();
      if (response.headersSent) message.socket.destroy();
      else response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
    }
  }

  private async answer(
    caller: Caller | undefined,
    message: IncomingMessage,
    body: Buffer | undefined,
  ): Promise<Answer> {
    try {
      if (!isLocalHost(message.headers.host))
        throw new WireError('AccessDeniedException', 'Only for requests to localhost', { statusCode: 403 });
      if (!caller)
        throw new WireError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', {
          statusCode: 403,
        });
      if (!body) throw new WireError('RequestEntityTooLargeException', 'The request is too large', { statusCode: 413 });
      const call = callOf(caller.service, message, body);
      const isFunction = this.options.iam.isFunction(caller.accessKeyId);
      if (isFunction) this.authorise(caller.accessKeyId, call);
      return await this.perform(call, isFunction);
    } catch (error) {
      return this.errorAnswer(error, caller?.service);
    }
  }

  private authorise(functionId: string, call: AwsCall): void {
    const { iam, counts, place, secrets } = this.options;
    for (const { action, resource } of permissionsFor(call, place, secrets)) {
      const why = iam.denial(functionId, action, resource);
      if (!why) continue;
      counts.countDenied(functionId, action, resource);
      throw denied(call.service, iam.message(functionId, action, resource, why));
    }
    counts.count(functionId, `${call.service}:${call.action}`);
    counts.countWritten(functionId, itemsWritten(call));
  }

  /** Trouble strikes functions only, not a developer who looks into the table. */
  private async perform(call: AwsCall, isFunction: boolean): Promise<Answer> {
    const service = this.options.services[call.service];
    if (!service) throw new WireError('UnknownOperationException', `localhost has no ${call.service}`);
    const fault =
      isFunction && isFaultService(call.service)
        ? this.options.faults.decide(call.service, call.action, call.body)
        : undefined;
    if (fault?.kind === 'drop') return 'disconnect';
    if (fault?.kind === 'throttle' || fault?.kind === 'error') return fault.error.toResponse();
    if (fault?.kind === 'latency') await pause(fault.latencyMs);
    const result = await service(call);
    if (fault?.kind === 'timeoutAfterCommit') return 'disconnect';
    const body = typeof result === 'string' ? result : JSON.stringify(result);
    return { statusCode: 200, headers: { 'content-type': contentTypes[call.service] ?? 'application/json' }, body };
  }

  private errorAnswer(error: unknown, service: string | undefined): WireResponse {
    if (error instanceof WireError) return error.toResponse();
    if (error instanceof DynamoError) {
      const headers = { 'content-type': contentTypes.dynamodb ?? '' };
      return { statusCode: error.statusCode, headers, body: JSON.stringify(error.toBody()) };
    }
    this.options.report(`${service ?? 'AWS endpoint'}: ${error instanceof Error ? error.stack : String(error)}`);
    return new WireError('InternalServerError', 'Internal error of localhost', { statusCode: 500 }).toResponse();
  }
}

const isFaultService = (service: string): service is FaultService =>
  (faultServices as readonly string[]).includes(service);

/** A caller says who he is and which service he means in the signature's credential scope; the signature itself is not checked. */
function callerOf(authorization: string | undefined): Caller | undefined {
  const [, accessKeyId, service] =
    /Credential=([^,\s]+)\/\d{8}\/[^/,\s]+\/([^/,\s]+)\/aws4_request/.exec(authorization ?? '') ?? [];
  return accessKeyId && service ? { accessKeyId, service: service === 'email' ? 'ses' : service } : undefined;
}

function callOf(service: string, { headers }: IncomingMessage, body: Buffer): AwsCall {
  if (service === 'ses') {
    const form = new URLSearchParams(body.toString('latin1'));
    return { service, action: form.get('Action') ?? '', body: Object.fromEntries(form), form };
  }
  const action =
    String(headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1) ?? '';
  try {
    const parsed: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null)
      return { service, action, body: parsed as Record<string, unknown> };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new WireError('SerializationException', 'The request body is not a JSON object');
}

/** AccessDenied in the words and the protocol of each service. */
function denied(service: string, message: string): WireError {
  if (service === 'ses') return new QueryError('AccessDenied', message, { statusCode: 403 });
  if (service === 's3') return new S3Error('AccessDenied', message, { statusCode: 403 });
  const statusCode = service === 'sqs' ? 403 : 400;
  return new WireError('com.amazon.coral.service#AccessDeniedException', message, { statusCode });
}
