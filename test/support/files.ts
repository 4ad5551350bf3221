import './environment.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readS3Request } from '../../cdk/local/services/s3/request.ts';
import { S3 } from '../../cdk/local/services/s3/s3.ts';
import { S3Error } from '../../cdk/local/services/s3/s3-error.ts';

export type Files = { readonly url: string; readonly close: () => Promise<void> };

/** An empty bucket, to which the handlers of this test file are led. */
export async function startFiles(): Promise<Files> {
  const s3 = new S3({ home: undefined, buckets: [{ name: process.env.FILES_BUCKET ?? '' }] });
  const server = createServer(async (message, response) => {
    try {
      await s3.serve(readS3Request(message, new URL(message.url ?? '/', 'http://127.0.0.1')), message, response);
    } catch (error) {
      const { statusCode, headers, body } =
        error instanceof S3Error ? error.toResponse() : { statusCode: 500, headers: {}, body: String(error) };
      message.resume();
      response.writeHead(statusCode, headers).end(body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_ENDPOINT_URL_S3 = url;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        s3.close();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
