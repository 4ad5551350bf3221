import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { environment } from '../core/environment.ts';

const client = new S3Client({
  maxAttempts: 5,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
  requestHandler: { connectionTimeout: 1000, requestTimeout: 20_000, throwOnRequestTimeout: true },
});

/** The bucket of mails that came in, as they came, and of the files that came with them. */
export const mailBucket = () => environment('MAIL_BUCKET');

const at = (Key: string) => ({ Bucket: mailBucket(), Key });

/** A mail as it came, as a whole: SES takes 40 MB at most. Undefined when it is not there. */
export async function readRawMail(key: string): Promise<Buffer | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand(at(key)));
    const pieces: Uint8Array[] = [];
    for await (const piece of Body as unknown as AsyncIterable<Uint8Array>) pieces.push(piece);
    return Buffer.concat(pieces);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** Stores a file of a mail; a repeat replaces it. */
export async function putMailFile(key: string, Body: Uint8Array, ContentType: string): Promise<void> {
  await client.send(new PutObjectCommand({ ...at(key), Body, ContentType }));
}

/** Deletes a mail or a file of one; one that is not there is no error. */
export async function deleteMailFile(key: string): Promise<void> {
  await client.send(new DeleteObjectCommand(at(key)));
}

/** An address from which whoever has it can GET the file under its name for an hour. It is saved, never shown by a browser. */
export const presignMailFile = (key: string, name: string): Promise<string> => {
  const ResponseContentDisposition = `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, '_')}`;
  return getSignedUrl(client, new GetObjectCommand({ ...at(key), ResponseContentDisposition }), { expiresIn: 3600 });
};
