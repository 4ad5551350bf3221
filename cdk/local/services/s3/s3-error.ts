import { randomUUID } from 'node:crypto';
import { escapeXml } from '../query-protocol.ts';
import { WireError, type WireResponse } from '../wire-error.ts';

/** An error of S3: XML without a namespace. */
export class S3Error extends WireError {
  override toResponse(): WireResponse {
    const details = `<Code>${escapeXml(this.type)}</Code><Message>${escapeXml(this.message)}</Message>`;
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${details}<RequestId>${randomUUID()}</RequestId></Error>`;
    return { statusCode: this.statusCode, headers: { 'content-type': 'application/xml', ...this.headers }, body };
  }
}

export const noSuchKey = () => new S3Error('NoSuchKey', 'The specified key does not exist.', { statusCode: 404 });
export const noSuchUpload = () =>
  new S3Error('NoSuchUpload', 'The specified upload does not exist.', { statusCode: 404 });
export const notOffered = (what: string) =>
  new S3Error('NotImplemented', `The local S3 does not offer ${what}.`, { statusCode: 501 });
