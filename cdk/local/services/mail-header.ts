export type MailHeader = { readonly name: string; readonly value: string };
export type Parameters = Readonly<Record<string, string>>;

/** Bytes in a charset as text; an unknown charset is read as UTF-8, since a mail page shows something rather than nothing. */
export function decodeText(bytes: Uint8Array, charset = 'utf-8'): string {
  const label = charset.toLowerCase().replace('cp932', 'shift_jis').replace('iso-2022-jp-ms', 'iso-2022-jp');
  try {
    return new TextDecoder(label).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder().decode(bytes);
    throw error;
  }
}

/** Header lines, unfolded, in order. `block` holds one char per byte. */
export function parseHeaders(block: string): MailHeader[] {
  const lines = block.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    if (colon < 1) return [];
    const value = decodeText(Buffer.from(line.slice(colon + 1).trim(), 'latin1'));
    return [{ name: line.slice(0, colon).trim(), value }];
  });
}

export function headerValue(headers: readonly MailHeader[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find((header) => header.name.toLowerCase() === wanted)?.value;
}

/** `=?utf-8?B?…?=` and its like (RFC 2047). Neighbours are joined as bytes first: senders split characters between them. */
export function decodeWords(value: string): string {
  const word = String.raw`=\?([^?\s]+)\?([bq])\?([^?]*)\?=`;
  const run = new RegExp(String.raw`${word}(?:\s+${word})*`, 'gi');
  return value.replaceAll(run, (words) => {
    const groups: { charset: string; bytes: Buffer[] }[] = [];
    for (const [, charsetAndLanguage = '', encoding = '', text = ''] of words.matchAll(new RegExp(word, 'gi'))) {
      const charset = (charsetAndLanguage.split('*')[0] ?? '').toLowerCase();
      const bytes =
        encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : decodeQuotedPrintable(text.replaceAll('_', ' '));
      const last = groups.at(-1);
      if (last?.charset === charset) last.bytes.push(bytes);
      else groups.push({ charset, bytes: [bytes] });
    }
    return groups.map(({ charset, bytes }) => decodeText(Buffer.concat(bytes), charset)).join('');
  });
}

export function decodeQuotedPrintable(text: string): Buffer {
  const joined = text.replaceAll(/[ \t]*=[ \t]*\r?\n/g, '');
  return Buffer.from(
    joined.replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** `text/plain; charset="utf-8"` → its value and parameters, RFC 2231's continued and encoded ones included. */
export function parseParameters(header: string): { readonly value: string; readonly parameters: Parameters } {
  const [value = ''] = header.split(';', 1);
  const parameters: Record<string, string> = {};
  for (const [, rawName = '', quoted, bare = ''] of header.matchAll(
    /;\s*([^=;\s]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;]*))/g,
  )) {
    const text = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare.trim();
    const [name = '', ...marks] = rawName.toLowerCase().split('*');
    const encoded = marks.at(-1) === '';
    parameters[name] = (parameters[name] ?? '') + (encoded ? decodeExtended(text) : text);
  }
  return { value: value.trim().toLowerCase(), parameters };
}

/** `utf-8''%E8%A1%A8` */
function decodeExtended(text: string): string {
  const [, charset, rest] = /^([\w-]*)'[^']*'(.*)$/.exec(text) ?? [];
  const bytes = (rest ?? text).replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return decodeText(Buffer.from(bytes, 'latin1'), charset || 'utf-8');
}

/** The bare addresses of a header: `"A, B" <a@example.com>, c@example.com` → both, without names, comments or group labels. */
export function parseAddresses(header: string): string[] {
  const parts: string[] = [''];
  let quoted = false;
  let angle = false;
  let comment = 0;
  for (const [token] of header.matchAll(/\\.|[\s\S]/g)) {
    if (token === '"' && comment === 0) quoted = !quoted;
    else if (token === '(' && !quoted) comment += 1;
    else if (token === ')' && !quoted && comment > 0) comment -= 1;
    else if (!quoted && comment === 0 && (token === '<' || token === '>')) angle = token === '<';
    if (comment > 0 || (token === ')' && !quoted)) continue;
    if (!quoted && !angle && (token === ',' || token === ';')) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${token}`);
  }
  return parts
    .map((part) => (/<([^<>]*)>\s*$/.exec(part)?.[1] ?? part.replace(/^[^"@]*:/, '')).trim())
    .filter((address) => address.includes('@'));
}
