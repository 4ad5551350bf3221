import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './address.ts';
import { allowsPrivate, isOutgoingUrl } from './url.ts';

export type OutgoingRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** What became of a request, as far as one can know. */
export type OutgoingResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly retryAfter?: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: string;
      /** Whether the body came to its end; what broke off, or was longer than the limit, did not. */
      readonly complete: boolean;
    }
  /** The address may not be called: it will never be. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nothing left: no connection was made. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  /** It went out and no answer came: the receiver may have acted on it, or not. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type OutgoingOptions = {
  readonly timeoutMs?: number;
  /** Of an answer no more bytes are read; 64 KB unless told otherwise. */
  readonly bodyLimit?: number;
  readonly allowPrivate?: boolean;
  readonly lookup?: LookupFunction;
};

const usualTimeoutMs = 5000;
const usualBodyLimit = 64 * 1024;

class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Calls an address that a user configured. The name is resolved once, for the connection itself, and a private address is refused
 * there, so that a name which resolves differently a second time gains nothing. Redirects are not followed. Never throws.
 */
export function callOutside(request: OutgoingRequest, options: OutgoingOptions = {}): Promise<OutgoingResult> {
  const {
    timeoutMs = usualTimeoutMs,
    bodyLimit = usualBodyLimit,
    allowPrivate = allowsPrivate(),
    lookup = systemLookup as LookupFunction,
  } = options;
  const url = URL.parse(request.url);
  if (!url || !isOutgoingUrl(request.url, { plain: allowPrivate }))
    return refused('only https addresses without a password are called');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) return refused(`${host} is not a public address`);
  return exchange(url, request, { timeoutMs, bodyLimit, lookup: allowPrivate ? lookup : publicOnly(lookup) });
}

const refused = async (reason: string): Promise<OutgoingResult> => ({ kind: 'refused', reason });

/** Resolves a name, and fails when any of its addresses is private: one of them would be tried. */
export const publicOnly =
  (lookup: LookupFunction): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found, family) => {
      if (error) return callback(error, found, family);
      const addresses = typeof found === 'string' ? [{ address: found, family: family ?? 4 }] : found;
      const [first] = addresses;
      const hidden = addresses.find(({ address }) => !isPublicAddress(address));
      if (hidden || !first) return callback(new AddressRefused(`${hostname} is not a public address`), '', 0);
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };

function exchange(
  url: URL,
  { method, headers, body }: OutgoingRequest,
  { timeoutMs, bodyLimit, lookup }: { timeoutMs: number; bodyLimit: number; lookup: LookupFunction },
) {
  const payload = body === undefined ? undefined : Buffer.from(body);
  // A fresh connection each time: a pooled one would skip the check of the address.
  const options: RequestOptions = {
    method,
    headers: { ...headers, ...(payload && { 'content-length': payload.length }) },
    agent: false,
    lookup,
  };
  return new Promise<OutgoingResult>((resolve) => {
    const secure = url.protocol === 'https:';
    let connected = false;
    let answered = false;
    const outgoing = secure ? httpsRequest(url, options) : httpRequest(url, options);
    const timer = setTimeout(() => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const settle = (result: OutgoingResult) => {
      clearTimeout(timer);
      resolve(result);
    };
    outgoing.on('socket', (socket) => socket.once(secure ? 'secureConnect' : 'connect', () => (connected = true)));
    outgoing.on('response', (response) => {
      answered = true;
      readAnswer(response, bodyLimit).then(settle);
    });
    outgoing.on('error', (error) => {
      if (!answered) settle(failure(error, connected));
    });
    outgoing.end(payload);
  });
}

function failure(error: Error, connected: boolean): OutgoingResult {
  const reason = error.message || error.name;
  if (error instanceof AddressRefused) return { kind: 'refused', reason };
  return { kind: connected ? 'unknown' : 'not-sent', reason };
}

/** The status is the answer: a body that breaks off or goes on for ever does not change it. */
function readAnswer(response: IncomingMessage, bodyLimit: number): Promise<OutgoingResult> {
  const status = response.statusCode ?? 0;
  const after = secondsUntil(response.headers['retry-after']);
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    const finish = () => {
      const { headers, complete } = response;
      const body = Buffer.concat(chunks).subarray(0, bodyLimit).toString('utf8');
      resolve({ kind: 'answer', status, headers, body, complete, ...(after !== undefined && { retryAfter: after }) });
    };
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= bodyLimit) response.destroy();
    });
    response.on('error', finish);
    response.on('close', finish);
  });
}

/** `Retry-After` in seconds; it may be a number or a date. */
function secondsUntil(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
