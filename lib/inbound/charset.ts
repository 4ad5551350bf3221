import Encoding from 'encoding-japanese';

/** Text, and the charset that it was read by. */
export type Decoded = { readonly text: string; readonly charset: string };

const aliases: Readonly<Record<string, string>> = {
  'iso-2022-jp-ms': 'iso-2022-jp',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'iso-2022-jp-3': 'iso-2022-jp',
  'iso-2022-jp-2004': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  cp50222: 'iso-2022-jp',
  csiso2022jp: 'iso-2022-jp',
  jis: 'iso-2022-jp',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  'windows-31j': 'shift_jis',
  'shift-jis': 'shift_jis',
  'x-sjis': 'shift_jis',
  sjis: 'shift_jis',
  'sjis-win': 'shift_jis',
  eucjp: 'euc-jp',
  'eucjp-win': 'euc-jp',
  'eucjp-ms': 'euc-jp',
  cp51932: 'euc-jp',
  ujis: 'euc-jp',
  'x-euc-jp': 'euc-jp',
  utf8: 'utf-8',
  cp65001: 'utf-8',
  'unicode-1-1-utf-8': 'utf-8',
};

/** A name that nobody has to mean anything by: what it says is found out from the bytes. */
const meaningless = new Set([
  '',
  'us-ascii',
  'ascii',
  'unknown',
  'unknown-8bit',
  'x-unknown',
  '8bit',
  'binary',
  'default',
]);

/** The name by which we know a charset; undefined for one that nobody can decode. */
export function charsetNamed(label: string): string | undefined {
  const lower = label
    .trim()
    .replace(/^["']|["']$/g, '')
    .toLowerCase();
  const name = aliases[lower] ?? lower;
  if (meaningless.has(name)) return undefined;
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return undefined;
  }
}

const escapeSign = '\u001b';
/** What follows an escape that leads to Japanese signs. */
const toJapanese = /^(?:\$[@B]|\$\([DOPQ]|\([IJ])/;
const japanese = /[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]/;

/**
 * The text of bytes from a mail: escape sequences of ISO-2022-JP count whatever is declared, UTF-8 that reads as Japanese does too, then the
 * declared charset if the bytes are good in it, then what they look like. Never throws: a byte that is good in nothing becomes U+FFFD.
 */
export function decodeText(bytes: Uint8Array, declared = ''): Decoded {
  if (isPlain(bytes)) return { text: Buffer.from(bytes).toString('latin1'), charset: 'us-ascii' };
  if (escapes(bytes)) return { text: fromJis(bytes), charset: 'iso-2022-jp' };
  const utf8 = strictly(bytes, 'utf-8');
  const named = charsetNamed(declared);
  if (utf8 !== undefined && (named === undefined || named === 'utf-8' || japanese.test(utf8)))
    return { text: utf8, charset: 'utf-8' };
  const own = named === undefined || named === 'iso-2022-jp' ? undefined : strictly(bytes, named);
  if (named !== undefined && own !== undefined && (!isWestern(named) || !guess(bytes, 2)))
    return { text: own, charset: named };
  return guess(bytes, 1) ?? leastBroken(bytes, named);
}

/** Whether a sequence that leads to Japanese signs is in them. */
const escapes = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes)
    .toString('latin1')
    .split(escapeSign)
    .slice(1)
    .some((after) => toJapanese.test(after));

/** The text of bytes by a charset that a person chose. @returns undefined for a charset that there is not */
export function decodeAs(bytes: Uint8Array, label: string): Decoded | undefined {
  const charset = charsetNamed(label);
  if (charset === undefined) return undefined;
  const text = charset === 'iso-2022-jp' ? fromJis(bytes) : new TextDecoder(charset).decode(bytes);
  return { text, charset };
}

/** ASCII without escape sequences, which nearly all headers are. */
const isPlain = (bytes: Uint8Array) => bytes.every((byte) => byte < 0x80 && byte !== 0x1b);

const isWestern = (charset: string) => /^(windows-125\d|iso-8859-\d+|macintosh)$/.test(charset);

function strictly(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The standard decoder knows ①㈱髙, but neither JIS X 0212 nor letters of eight bits: those are left to the other one. */
function fromJis(bytes: Uint8Array): string {
  const strict = strictly(bytes, 'iso-2022-jp');
  if (strict !== undefined) return strict;
  const lenient = new TextDecoder('iso-2022-jp').decode(bytes);
  const other = Encoding.convert(bytes, { from: 'JIS', to: 'UNICODE', type: 'string' });
  return broken(other) < broken(lenient) ? other : lenient;
}

/** The Japanese charset in which the bytes are good and read as Japanese, with at least so many signs of it. */
function guess(bytes: Uint8Array, least: number): Decoded | undefined {
  const found = ['shift_jis', 'euc-jp'].flatMap((charset) => {
    const text = strictly(bytes, charset);
    return text === undefined ? [] : [{ text, charset, score: score(text) }];
  });
  const best = found.toSorted((a, b) => b.score - a.score)[0];
  return best && best.score >= least ? { text: best.text, charset: best.charset } : undefined;
}

/** Kana is in every Japanese sentence; half-width kana and rare signs are what the wrong charset makes of it. */
function score(text: string): number {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return (
    3 * count(/[ぁ-んァ-ヴー]/gu) +
    count(/[一-鿿、。]/gu) -
    2 * count(/[｡-ﾟ]/gu) -
    3 * count(/[\ue000-\uf8ff\u0400-\u04ff\u2500-\u257f]/gu)
  );
}

const broken = (text: string) => text.match(/�/g)?.length ?? 0;

function leastBroken(bytes: Uint8Array, named: string | undefined): Decoded {
  const charsets = [...(named === undefined ? [] : [named]), 'utf-8', 'shift_jis', 'euc-jp'];
  const read = charsets.map((charset) => ({ charset, text: new TextDecoder(charset).decode(bytes) }));
  const best = read.toSorted((a, b) => broken(a.text) - broken(b.text))[0];
  return best ?? { text: Buffer.from(bytes).toString('latin1'), charset: 'iso-8859-1' };
}
