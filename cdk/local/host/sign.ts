import { createHash, createHmac } from 'node:crypto';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** One call of DynamoDB or of its streams. */
export type DynamoCall = {
  readonly endpoint: string;
  readonly region: string;
  readonly target: string;
  readonly body: string;
};

/** Headers of a signed call (AWS Signature Version 4), with the credentials of this process's environment. */
export function signedHeaders({ endpoint, region, target, body }: DynamoCall): Record<string, string> {
  const { AWS_ACCESS_KEY_ID: accessKeyId = 'local', AWS_SECRET_ACCESS_KEY: secret = 'local' } = process.env;
  const { AWS_SESSION_TOKEN: sessionToken } = process.env;
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const sent: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': time,
    ...(sessionToken && { 'x-amz-security-token': sessionToken }),
    'x-amz-target': target,
  };
  const headers = Object.entries({ ...sent, host: new URL(endpoint).host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = headers.map(([name]) => name).join(';');
  const canonical = ['POST', '/', '', ...headers.map((header) => header.join(':')), '', names, sha256(body)].join('\n');
  const scope = [time.slice(0, 8), region, 'dynamodb', 'aws4_request'];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n')).toString(
    'hex',
  );
  const credential = `Credential=${accessKeyId}/${scope.join('/')}`;
  return { ...sent, authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}` };
}
