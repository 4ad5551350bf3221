import { createHash } from 'node:crypto';
import * as z from 'zod/mini';

const MessageAttribute = z.object({
  DataType: z.string(),
  StringValue: z.optional(z.string()),
  /** Base64, as on the wire. */
  BinaryValue: z.optional(z.string()),
});

export const MessageAttributes = z.record(z.string(), MessageAttribute);
export type MessageAttributes = z.infer<typeof MessageAttributes>;

export function md5(data: string | Buffer): string {
  return createHash('md5').update(data).digest('hex');
}

/** SQS's digest: names in order, each part with its length in front; clients compare it. */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const parts: Buffer[] = [];
  for (const name of Object.keys(attributes).sort()) {
    const attribute = attributes[name];
    if (!attribute) continue;
    const binary = attribute.DataType.startsWith('Binary');
    const value = binary
      ? Buffer.from(attribute.BinaryValue ?? '', 'base64')
      : Buffer.from(attribute.StringValue ?? '');
    parts.push(sized(name), sized(attribute.DataType), Buffer.of(binary ? 2 : 1), sized(value));
  }
  return md5(Buffer.concat(parts));
}

/** What attributes count towards a message's size limit. */
export function sizeOfAttributes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce((sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) => {
    return sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.byteLength(BinaryValue, 'base64');
  }, 0);
}

/** The attributes a receiver asked for: `All`, `.*`, `prefix.*` or a name. */
export function pickAttributes(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  const asked = (name: string) =>
    wanted.some(
      (want) => want === 'All' || want === name || (want.endsWith('.*') && name.startsWith(want.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => asked(name)));
}

function sized(data: string | Buffer): Buffer {
  const bytes = Buffer.from(data);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
