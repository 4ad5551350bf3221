import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.ts';

/** The key of every function on localhost. */
const secret = 'local';

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** AWS encodes everything but the unreserved characters of RFC 3986. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Whether somebody comes with an address that a function signed, instead of credentials. */
export const isPresigned = (url: URL): boolean => url.searchParams.has('X-Amz-Signature');

/**
 * Checks an address as S3 does: what was signed (path, query and the named headers, so also the length of an upload) is what came,
 * and its time is not over. @throws S3Error 403
 */
export function checkPresigned(message: IncomingMessage, url: URL, now: number): void {
  const query = url.searchParams;
  const date = query.get('X-Amz-Date') ?? '';
  const [, day = '', time = ''] = /^(\d{8})T(\d{6})Z$/.exec(date) ?? [];
  const begins = Date.parse(
    `${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`,
  );
  if (!(now <= begins + Number(query.get('X-Amz-Expires')) * 1000))
    throw new S3Error('AccessDenied', 'Request has expired', { statusCode: 403 });
  const given = Buffer.from(query.get('X-Amz-Signature') ?? '', 'hex');
  const expected = signatureOf(message, url, date);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { statusCode: 403 },
    );
  }
}

function signatureOf({ method = '', headers }: IncomingMessage, url: URL, date: string): Buffer {
  const query = url.searchParams;
  const [, day = '', region = ''] =
    /\/(\d{8})\/([^/]+)\/s3\/aws4_request$/.exec(query.get('X-Amz-Credential') ?? '') ?? [];
  const signed = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const canonical = [
    method,
    url.pathname,
    [...query]
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&'),
    ...signed.map((name) => `${name}:${String(headers[name] ?? '').trim()}`),
    '',
    signed.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const hash = createHash('sha256').update(canonical).digest('hex');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (held, part) => hmac(held, part),
    `AWS4${secret}`,
  );
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope, hash].join('\n'));
}
