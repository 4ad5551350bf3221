import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod/mini';
import { escapeXml } from '../query-protocol.ts';
import type { S3Request } from './request.ts';
import { noSuchKey, noSuchUpload, S3Error } from './s3-error.ts';

const Meta = z.object({ contentType: z.string(), etag: z.string() });
type Meta = z.output<typeof Meta>;

const smallestPart = 5 * 1024 * 1024;
const xml = { 'content-type': 'application/xml' };
const head = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** S3 with the stack's buckets: each object a file in the home folder, which is there as a whole or not at all. */
export class S3 {
  readonly #buckets: ReadonlySet<string>;
  readonly #home: string | undefined;
  #made: string | undefined;

  constructor(options: { home: string | undefined; buckets: readonly { readonly name: string }[] }) {
    this.#buckets = new Set(options.buckets.map(({ name }) => name));
    this.#home = options.home;
  }

  /** Answers one request. Throws an `S3Error`. */
  async serve(request: S3Request, message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#buckets.has(request.bucket))
      throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { statusCode: 404 });
    switch (request.action) {
      case 'PutObject':
        return this.#put(request, message, response);
      case 'GetObject':
      case 'HeadObject':
        return this.#get(request, message, response);
      case 'CreateMultipartUpload':
        return this.#begin(request, message, response);
      case 'UploadPart':
        return this.#part(request, message, response);
      case 'CompleteMultipartUpload':
        return this.#complete(request, message, response);
      case 'DeleteObject':
        for (const file of [this.#file(request), `${this.#file(request)}.meta`]) rmSync(file, { force: true });
        response.writeHead(204).end();
        return;
      case 'AbortMultipartUpload':
        rmSync(this.#uploadFolder(request), { recursive: true });
        response.writeHead(204).end();
    }
  }

  /** Puts an object as another service of AWS does. */
  put(bucket: string, key: string, body: Buffer): { readonly etag: string; readonly size: number } {
    const file = this.#file({ bucket, key });
    const received = `${file}.${randomUUID()}`;
    writeFileSync(received, body);
    const etag = createHash('md5').update(body).digest('hex');
    this.#store(file, received, { contentType: 'binary/octet-stream', etag });
    return { etag, size: body.length };
  }

  /** What was only in memory is gone afterwards. */
  close(): void {
    if (this.#made !== undefined) rmSync(this.#made, { recursive: true, force: true });
  }

  get #folder(): string {
    if (this.#home !== undefined) return join(this.#home, 's3');
    this.#made ??= mkdtempSync(join(tmpdir(), 'tsunagi-s3-'));
    return this.#made;
  }

  #file({ bucket, key }: Pick<S3Request, 'bucket' | 'key'>): string {
    const folder = join(this.#folder, bucket);
    mkdirSync(folder, { recursive: true });
    return join(folder, encodeURIComponent(key));
  }

  #uploadFolder({ query }: S3Request): string {
    const folder = join(this.#folder, '.uploads', encodeURIComponent(query.get('uploadId') ?? ''));
    if (!existsSync(folder)) throw noSuchUpload();
    return folder;
  }

  async #put(request: S3Request, message: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = this.#file(request);
    const received = `${file}.${randomUUID()}`;
    const md5 = await receive(message, received);
    this.#store(file, received, { contentType: contentTypeOf(message), etag: md5 });
    response.writeHead(200, { etag: `"${md5}"` }).end();
  }

  #store(file: string, received: string, meta: Meta): void {
    writeFileSync(`${file}.meta`, JSON.stringify(meta));
    renameSync(received, file);
  }

  async #get(request: S3Request, { headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = this.#file(request);
    if (!existsSync(file)) throw noSuchKey();
    const { size, mtime } = statSync(file);
    const { contentType, etag } = Meta.parse(JSON.parse(readFileSync(`${file}.meta`, 'utf8')));
    const range = rangeOf(headers.range, size);
    const disposition = request.query.get('response-content-disposition');
    response.writeHead(range ? 206 : 200, {
      'content-type': request.query.get('response-content-type') ?? contentType,
      'content-length': range ? range.end - range.start + 1 : size,
      'last-modified': mtime.toUTCString(),
      etag: `"${etag}"`,
      'accept-ranges': 'bytes',
      ...(disposition && { 'content-disposition': disposition }),
      ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${size}` }),
    });
    if (request.action === 'HeadObject') response.end();
    else await pipeline(createReadStream(file, range), response).catch(ignoreHangUp);
  }

  #begin({ bucket, key }: S3Request, message: IncomingMessage, response: ServerResponse): void {
    const uploadId = randomUUID();
    const folder = join(this.#folder, '.uploads', uploadId);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'type'), contentTypeOf(message));
    const facts = `<Bucket>${escapeXml(bucket)}</Bucket><Key>${escapeXml(key)}</Key><UploadId>${uploadId}</UploadId>`;
    response.writeHead(200, xml).end(`${head}<InitiateMultipartUploadResult>${facts}</InitiateMultipartUploadResult>`);
  }

  async #part(request: S3Request, message: IncomingMessage, response: ServerResponse): Promise<void> {
    const number = Number(request.query.get('partNumber'));
    if (!(Number.isInteger(number) && number >= 1 && number <= 10_000))
      throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
    const part = join(this.#uploadFolder(request), `part-${number}`);
    const received = `${part}.${randomUUID()}`;
    const md5 = await receive(message, received);
    renameSync(received, part);
    writeFileSync(`${part}.etag`, md5);
    response.writeHead(200, { etag: `"${md5}"` }).end();
  }

  async #complete(request: S3Request, message: IncomingMessage, response: ServerResponse): Promise<void> {
    const folder = this.#uploadFolder(request);
    const wanted = partsOf(await textOf(message));
    const parts = wanted.map(({ number, etag }) => partIn(folder, number, etag));
    const small = parts.slice(0, -1).some((part) => statSync(part).size < smallestPart);
    if (small) throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    const file = this.#file(request);
    const joined = join(folder, 'joined');
    rmSync(joined, { force: true });
    for (const part of parts) await pipeline(createReadStream(part), createWriteStream(joined, { flags: 'a' }));
    const etag = `${createHash('md5')
      .update(wanted.map((part) => part.etag).join(''))
      .digest('hex')}-${parts.length}`;
    this.#store(file, joined, { contentType: readFileSync(join(folder, 'type'), 'utf8'), etag });
    rmSync(folder, { recursive: true, force: true });
    const facts = `<Bucket>${escapeXml(request.bucket)}</Bucket><Key>${escapeXml(request.key)}</Key><ETag>"${etag}"</ETag>`;
    response.writeHead(200, xml).end(`${head}<CompleteMultipartUploadResult>${facts}</CompleteMultipartUploadResult>`);
  }
}

const contentTypeOf = ({ headers }: IncomingMessage) => headers['content-type'] ?? 'binary/octet-stream';

/** Whoever asked went away in the middle. */
function ignoreHangUp(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

/** Takes a body into a file, and returns its MD5. */
async function receive(message: IncomingMessage, file: string): Promise<string> {
  const md5 = createHash('md5');
  const watch = new Transform({
    transform(chunk: Buffer, _, done) {
      md5.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(message, watch, createWriteStream(file));
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
  return md5.digest('hex');
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function partsOf(body: string): { number: number; etag: string }[] {
  const parts = [...body.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
    etag: (/<ETag>(.*?)<\/ETag>/.exec(part)?.[1] ?? '').replaceAll(/&quot;|"/g, ''),
  }));
  if (parts.length === 0) throw new S3Error('MalformedXML', 'The XML you provided was not well-formed');
  return parts;
}

function partIn(folder: string, number: number, etag: string): string {
  const part = join(folder, `part-${number}`);
  if (!existsSync(part) || readFileSync(`${part}.etag`, 'utf8') !== etag)
    throw new S3Error('InvalidPart', 'One or more of the specified parts could not be found.');
  return part;
}

/** `bytes=a-b` and `bytes=a-`; anything else gets the whole object, as S3 does with what it does not understand. */
function rangeOf(range: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined) return undefined;
  const start = Number(from);
  if (start >= size) throw new S3Error('InvalidRange', 'The requested range is not satisfiable', { statusCode: 416 });
  return { start, end: Math.min(to ? Number(to) : size - 1, size - 1) };
}
