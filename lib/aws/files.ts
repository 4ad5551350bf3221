import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { environment } from '../core/environment.ts';

const client = new S3Client({
  maxAttempts: 5,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
  requestHandler: { connectionTimeout: 1000, requestTimeout: 10_000, throwOnRequestTimeout: true },
});

const at = (Key: string) => ({ Bucket: environment('FILES_BUCKET'), Key });

/** The smallest part of an upload but the last; S3 takes 10,000 parts. */
export const smallestPartBytes = 5 * 1024 * 1024;

/** Stores a file as a whole; a repeat replaces it. */
export async function putFile(key: string, Body: Uint8Array | string, ContentType: string): Promise<void> {
  await client.send(new PutObjectCommand({ ...at(key), Body, ContentType }));
}

/** The bytes of a file from a position on, piece by piece; undefined when it is not there. Whoever stops in between ends the transfer. */
export async function openFile(key: string, from = 0): Promise<AsyncIterable<Uint8Array> | undefined> {
  try {
    const range = from > 0 && { Range: `bytes=${from}-` };
    const { Body } = await client.send(new GetObjectCommand({ ...at(key), ...range }));
    return Body as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (isNamed(error, 'NoSuchKey')) return undefined;
    throw error;
  }
}

/** A file that is known to be small, as a whole; undefined when it is not there. */
export async function readFile(key: string): Promise<Buffer | undefined> {
  const body = await openFile(key);
  if (!body) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** How many bytes a file has; undefined when it is not there. */
export async function fileSize(key: string): Promise<number | undefined> {
  try {
    const { ContentLength } = await client.send(new HeadObjectCommand(at(key)));
    return ContentLength;
  } catch (error) {
    if (isNamed(error, 'NotFound') || isNamed(error, 'NoSuchKey')) return undefined;
    throw error;
  }
}

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

/** Begins a file that comes in parts, possibly from several invocations. Nothing of it is there before it is completed. */
export async function beginUpload(key: string, ContentType: string): Promise<string> {
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ ...at(key), ContentType }));
  return UploadId;
}

/** Stores a part (from 1 on) and returns its tag, which completing wants; a repeat replaces it. */
export async function uploadPart(
  key: string,
  { uploadId: UploadId, number: PartNumber, body: Body }: { uploadId: string; number: number; body: Uint8Array },
): Promise<string> {
  const { ETag = '' } = await client.send(new UploadPartCommand({ ...at(key), UploadId, PartNumber, Body }));
  return ETag;
}

/** Makes the file out of its parts. An upload that was completed before (a repeat) is taken as done when the file is there. */
export async function completeUpload(key: string, UploadId: string, tags: readonly string[]): Promise<void> {
  const Parts = tags.map((ETag, position) => ({ ETag, PartNumber: position + 1 }));
  try {
    await client.send(new CompleteMultipartUploadCommand({ ...at(key), UploadId, MultipartUpload: { Parts } }));
  } catch (error) {
    if (!isNamed(error, 'NoSuchUpload') || (await fileSize(key)) === undefined) throw error;
  }
}

/** An address to which whoever has it can PUT exactly so many bytes, once or again, until it expires. */
export const presignPut = (key: string, size: number, expiresIn: number): Promise<string> =>
  getSignedUrl(client, new PutObjectCommand({ ...at(key), ContentLength: size }), {
    expiresIn,
    signableHeaders: new Set(['host', 'content-length']),
  });

/** An address from which whoever has it can GET the file under a name until it expires. */
export const presignGet = (key: string, name: string, expiresIn: number): Promise<string> => {
  const ResponseContentDisposition = `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, '_')}`;
  return getSignedUrl(client, new GetObjectCommand({ ...at(key), ResponseContentDisposition }), { expiresIn });
};
