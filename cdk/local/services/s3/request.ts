import type { IncomingMessage } from 'node:http';
import { notOffered } from './s3-error.ts';

type S3Action =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'DeleteObject';

/** A request of S3, taken apart: path style, `/bucket/key`. */
export type S3Request = {
  readonly action: S3Action;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
};

/** What the requests here may say in their query; anything else is an operation that is not offered. */
const known = /^(x-amz-.*|x-id|uploads|uploadId|partNumber|response-content-(disposition|type))$/i;

/** @throws S3Error 501 for what the local S3 does not do */
export function readS3Request({ method = 'GET', headers }: IncomingMessage, url: URL): S3Request {
  const [, bucket = '', path = ''] = /^\/([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
  if (!path) throw notOffered('operations of buckets');
  const query = url.searchParams;
  const foreign = [...query.keys()].find((name) => !known.test(name));
  if (foreign !== undefined) throw notOffered(`requests with ?${foreign}`);
  if (/aws-chunked/.test(headers['content-encoding'] ?? '') || headers['x-amz-copy-source'] !== undefined)
    throw notOffered('chunked signatures and copies');
  return { action: actionOf(method, query), bucket, key: decodeURIComponent(path), query };
}

function actionOf(method: string, query: URLSearchParams): S3Action {
  const inUpload = query.has('uploadId');
  switch (method) {
    case 'PUT':
      return inUpload ? 'UploadPart' : 'PutObject';
    case 'GET':
      return 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'POST':
      return inUpload ? 'CompleteMultipartUpload' : 'CreateMultipartUpload';
    case 'DELETE':
      if (inUpload) return 'AbortMultipartUpload';
      return 'DeleteObject';
    default:
      throw notOffered(method);
  }
}
