import { randomUUID } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import { variableOf } from './known-secrets.ts';
import type { Parts } from './wiring.ts';

/** SES takes no larger mail. */
const largestMail = 40 * 1024 * 1024;

/** Takes a mail as SES does in the cloud: it lies in the bucket as it is, and the bucket tells the default bus. Returns its key. */
export function takeMail(parts: Parts, raw: Buffer): { readonly key: string } {
  const { services, place } = parts;
  const bucket = variableOf(parts, 'MAIL_BUCKET');
  if (bucket === undefined) throw new RangeError('No function of this stack receives mail');
  const key = `inbound/${randomUUID().replaceAll('-', '')}`;
  const { etag, size } = services.s3.put(bucket, key, raw);
  services.bus.deliver('default', {
    version: '0',
    id: randomUUID(),
    source: 'aws.s3',
    'detail-type': 'Object Created',
    account: place.accountId,
    time: new Date(services.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: place.region,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: { version: '0', bucket: { name: bucket }, object: { key, size, etag }, reason: 'PutObject' },
  });
  return { key };
}

/** A mail server that takes mail to anybody, so that a mail program can write to the inbox. Resolves with its port. */
export async function openSmtp(parts: Parts): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    size: largestMail,
    logger: false,
    onData: (stream, _, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(Object.assign(new Error('The mail is too large'), { responseCode: 552 }));
        takeMail(parts, Buffer.concat(chunks));
        done();
      });
    },
  });
  // A client that breaks off is no trouble of ours.
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => listener.once('listening', resolve));
  const address = listener.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
