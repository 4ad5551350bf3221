import { decodeText } from './charset.ts';

/** A header field as it came: unfolded, a letter for each byte. */
export type Field = { readonly name: string; readonly value: string };

/** So many fields of a part are looked at; whoever sends more has something else in mind. */
const mostFields = 5000;

/** The fields of a header block. A line that is no field and continues none is left out. */
export function readFields(block: string): Field[] {
  const fields: { name: string; value: string }[] = [];
  for (const line of block.split(/\r?\n|\r/)) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last) last.value += line;
      continue;
    }
    const [, name, value] = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    if (fields.length === mostFields) break;
    fields.push({ name: name.toLowerCase(), value });
  }
  return fields.map(({ name, value }) => ({ name, value: value.trim() }));
}

export const fieldsNamed = (fields: readonly Field[], name: string): string[] =>
  fields.filter((field) => field.name === name).map(({ value }) => value);

/** The first field of a name, as it came. */
export const rawField = (fields: readonly Field[], name: string): string | undefined =>
  fields.find((field) => field.name === name)?.value;

/** The first field of a name, readable. */
export const fieldText = (fields: readonly Field[], name: string): string => decodeHeader(rawField(fields, name) ?? '');

const encodedWord = /=\?([^?\s*]{1,40})(?:\*[^?\s]*)?\?([bq])\?([^?]*)\?=/gi;

type Run = { charset: string; bytes: Buffer[] };

/**
 * A header readable: encoded words of one charset that follow each other are decoded as one, because many programs cut them inside a
 * character; bytes that nobody encoded are read as what they look like.
 */
export function decodeHeader(raw: string): string {
  const out: string[] = [];
  let run: Run | undefined;
  let end = 0;
  const flush = () => {
    if (run) out.push(decodeText(Buffer.concat(run.bytes), run.charset).text);
    run = undefined;
  };
  for (const match of raw.matchAll(encodedWord)) {
    const between = raw.slice(end, match.index);
    const [word, charset = '', kind = '', text = ''] = match;
    end = match.index + word.length;
    const continues = run !== undefined && /^[ \t\r\n]*$/.test(between);
    if (!continues || run?.charset !== charset.toLowerCase()) flush();
    if (!continues && between) out.push(plainText(between));
    run ??= { charset: charset.toLowerCase(), bytes: [] };
    run.bytes.push(kind.toLowerCase() === 'b' ? fromBase64(text) : fromQ(text));
  }
  flush();
  if (end < raw.length) out.push(plainText(raw.slice(end)));
  return out
    .join('')
    .replace(/[\r\n\t]+/g, ' ')
    .replaceAll('\0', '')
    .trim();
}

const plainText = (raw: string) => decodeText(Buffer.from(raw, 'latin1')).text;

const fromQ = (text: string) =>
  Buffer.from(
    text
      .replaceAll('_', ' ')
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** Signs that are not of the alphabet are passed over; what follows a padding is read, too. */
export const fromBase64 = (text: string): Buffer =>
  Buffer.concat(
    text
      .replace(/[^A-Za-z0-9+/=]/g, '')
      .split(/=+/)
      .map((piece) => Buffer.from(piece, 'base64')),
  );

/** A value with its parameters, of Content-Type and Content-Disposition. Names are in lower case. */
export type Structured = { readonly value: string; readonly parameters: Readonly<Record<string, string>> };

const parameter = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/gs;

/** Parameters in every way in which they are written: plain, quoted, with encoded words, in pieces and in percent signs (RFC 2231). */
export function readStructured(raw = ''): Structured {
  const value = (/^[^;]*/.exec(raw)?.[0] ?? '').trim().toLowerCase();
  const given = new Map<string, string>();
  for (const [, name = '', quoted, bare = ''] of raw.matchAll(parameter)) {
    const key = name.toLowerCase();
    if (!given.has(key)) given.set(key, quoted === undefined ? bare.trim() : quoted.replace(/\\(.)/g, '$1'));
  }
  const names = new Set([...given.keys()].map((key) => key.replace(/\*(\d+\*?)?$/, '')));
  return { value, parameters: Object.fromEntries([...names].map((name) => [name, joined(given, name)])) };
}

function joined(given: ReadonlyMap<string, string>, name: string): string {
  const extended = given.get(`${name}*`);
  if (extended !== undefined) return extendedText([{ text: extended, percent: true }]);
  const pieces: { text: string; percent: boolean }[] = [];
  for (let n = 0; ; n += 1) {
    const plain = given.get(`${name}*${n}`);
    const percent = given.get(`${name}*${n}*`);
    if (plain === undefined && percent === undefined) break;
    pieces.push({ text: percent ?? plain ?? '', percent: percent !== undefined });
  }
  return pieces.length > 0 ? extendedText(pieces) : decodeHeader(given.get(name) ?? '');
}

function extendedText(pieces: readonly { readonly text: string; readonly percent: boolean }[]): string {
  const [, charset = '', first] = pieces[0]?.percent ? (/^([^']*)'[^']*'(.*)$/s.exec(pieces[0].text) ?? []) : [];
  const bytes = pieces.map(({ text, percent }, position) => {
    const own = position === 0 && first !== undefined ? first : text;
    return Buffer.from(percent ? unpercent(own) : own, 'latin1');
  });
  const { text } = decodeText(Buffer.concat(bytes), charset);
  // Programs that mix both ways put encoded words into pieces.
  return text.includes('=?') ? decodeHeader(text) : text;
}

const unpercent = (text: string) =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
