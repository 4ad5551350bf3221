import { type Field, fromBase64, rawField, readFields, readStructured, type Structured } from './header.ts';

/** One part of a mail. `body` is as it came; `decodedBody` is what it holds. */
export type Part = {
  readonly fields: readonly Field[];
  readonly type: Structured;
  readonly disposition: Structured;
  readonly body: Buffer;
  readonly children: readonly Part[];
};

/** Deeper parts and further ones are kept as one attachment: they are shown as a file and not looked into. */
const deepest = 50;
const mostParts = 1000;
/** So much of a part's beginning can be its header. */
const longestHeader = 2 * 1024 * 1024;

/** The parts of a mail. Whatever is wrong with it (no end of a boundary, no header, nothing at all), there is one. */
export function readParts(raw: Buffer): Part {
  const budget = { left: mostParts };
  return readPart(raw, 0, budget);
}

function readPart(raw: Buffer, depth: number, budget: { left: number }): Part {
  budget.left -= 1;
  const { header, body } = split(raw);
  const fields = readFields(header);
  const type = readStructured(rawField(fields, 'content-type') || 'text/plain');
  const { boundary } = type.parameters;
  const inner =
    type.value.startsWith('multipart/') && boundary && depth < deepest && budget.left > 0
      ? piecesOf(body, boundary, budget.left)
      : [];
  return {
    fields,
    type,
    disposition: readStructured(rawField(fields, 'content-disposition')),
    body,
    children: inner.map((piece) => readPart(piece, depth + 1, budget)),
  };
}

/** Where the first empty line is. A block that begins without a field has no header: all of it is content. */
function split(raw: Buffer): { header: string; body: Buffer } {
  if (raw[0] === 0x0a || (raw[0] === 0x0d && raw[1] === 0x0a))
    return { header: '', body: raw.subarray(raw[0] === 0x0a ? 1 : 2) };
  const head = raw.subarray(0, longestHeader).toString('latin1');
  if (!/^[!-9;-~]+[ \t]*:/.test(head) && !head.startsWith('From ')) return { header: '', body: raw };
  const end = /\r?\n[ \t]*\r?\n|\r\r/.exec(head);
  if (!end) return { header: head, body: raw.subarray(head.length) };
  return { header: head.slice(0, end.index), body: raw.subarray(end.index + end[0].length) };
}

/** What stands between the boundary's lines. Without a last one the part goes to the end. */
function piecesOf(body: Buffer, boundary: string, most: number): Buffer[] {
  const mark = Buffer.from(`--${boundary}`, 'utf8');
  const pieces: Buffer[] = [];
  let start: number | undefined;
  let from = 0;
  while (pieces.length < most) {
    const at = body.indexOf(mark, from);
    if (at < 0) break;
    from = at + mark.length;
    const line = lineAfter(body, at, from);
    if (!line) continue;
    if (start !== undefined) pieces.push(withoutBreak(body.subarray(start, at)));
    if (line.last) return pieces;
    start = line.end;
    from = line.end;
  }
  if (start !== undefined && pieces.length < most) pieces.push(body.subarray(start));
  return pieces;
}

/** Whether the mark is a whole line: it begins one, and nothing but `--` and blanks follows. */
function lineAfter(body: Buffer, at: number, from: number): { end: number; last: boolean } | undefined {
  if (at > 0 && body[at - 1] !== 0x0a && body[at - 1] !== 0x0d) return undefined;
  const lf = body.indexOf(0x0a, from);
  const end = lf < 0 ? body.length : lf + 1;
  if (end - from > 200) return undefined;
  const rest = body.subarray(from, end).toString('latin1').trim();
  return rest === '' || rest === '--' ? { end, last: rest === '--' } : undefined;
}

function withoutBreak(piece: Buffer): Buffer {
  const lf = piece.at(-1) === 0x0a ? 1 : 0;
  const cr = piece.at(-1 - lf) === 0x0d ? 1 : 0;
  return piece.subarray(0, piece.length - lf - cr);
}

/** The content of a part without its transfer encoding. What is broken in it is passed over. */
export function decodedBody({ fields, body }: Part): Buffer {
  const encoding = (rawField(fields, 'content-transfer-encoding') ?? '').trim().toLowerCase();
  if (encoding === 'base64') return fromBase64(body.toString('latin1'));
  return encoding === 'quoted-printable' ? fromQuotedPrintable(body.toString('latin1')) : body;
}

const fromQuotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/[ \t]+(?=\r?\n|$)/g, '')
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** The parts that hold something, in order. */
export const leavesOf = (part: Part): Part[] => (part.children.length === 0 ? [part] : part.children.flatMap(leavesOf));
