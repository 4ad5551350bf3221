import type { IncomingMessage } from 'node:http';

const empty = Buffer.alloc(0);

/** The whole body; undefined when it is larger than `limit`, of which the rest is let run into nothing. */
export function readBody(message: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const { 'content-length': length, 'transfer-encoding': chunked } = message.headers;
  if (chunked === undefined && (length === undefined || length === '0')) return Promise.resolve(empty);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const tooLarge = () => {
      message.removeAllListeners('data');
      message.resume();
      resolve(undefined);
    };
    if (Number(length) > limit) return tooLarge();
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) return tooLarge();
      chunks.push(chunk);
    });
    message.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    message.on('error', reject);
  });
}
