import { isUtf8 } from 'node:buffer';

export type Encoding = 'UTF-8' | 'SHIFT_JIS';

/** A cell is not text of this encoding. */
export class WrongEncoding extends Error {
  override readonly name = 'WrongEncoding';
  readonly line: number;

  constructor(line: number) {
    super('The bytes are not text of this encoding');
    this.line = line;
  }
}

/** The web's Shift_JIS is Microsoft's cp932: ①, ㈱, 髙 and the extensions of NEC and IBM are in it. */
const shiftJis = new TextDecoder('shift_jis', { fatal: true });

/**
 * Reads cells of one encoding. @throws WrongEncoding for bytes that no such text has.
 */
export const decoderOf =
  (encoding: Encoding) =>
  (bytes: Buffer, line: number): string => {
    if (encoding === 'UTF-8') {
      if (!isUtf8(bytes)) throw new WrongEncoding(line);
      return bytes.toString('utf8');
    }
    try {
      return shiftJis.decode(bytes);
    } catch (error) {
      if (error instanceof TypeError) throw new WrongEncoding(line);
      throw error;
    }
  };

/** How many bytes a byte order mark takes; `undefined` for UTF-16, which is not read. */
export function markBytes(head: Uint8Array): number | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 3;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return undefined;
  return 0;
}
