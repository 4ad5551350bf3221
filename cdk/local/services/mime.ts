import {
  decodeQuotedPrintable,
  decodeText,
  decodeWords,
  headerValue,
  type MailHeader,
  type Parameters,
  parseAddresses,
  parseHeaders,
  parseParameters,
} from './mail-header.ts';

export type ParsedMail = {
  /** In order, encoded words decoded. */
  readonly headers: readonly MailHeader[];
  readonly subject: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly attachments: readonly { readonly filename: string; readonly contentType: string; readonly size: number }[];
};

type Part = {
  readonly headers: readonly MailHeader[];
  readonly type: string;
  readonly parameters: Parameters;
  readonly body: string;
};

const maximumDepth = 20;

/** Reads a mail as a mail program would: what is broken in it is shown as far as it goes, never refused. */
export function parseMail(raw: Buffer): ParsedMail {
  const message = readPart(raw.toString('latin1'));
  const headers = message.headers.map(({ name, value }) => ({ name, value: decodeWords(value) }));
  // Addresses are split before names are decoded: a decoded name may hold commas and brackets.
  const addresses = (name: string) =>
    message.headers
      .filter((header) => header.name.toLowerCase() === name)
      .flatMap(({ value }) => parseAddresses(value));
  const leaves = leavesOf(message, 0);
  const textual = (type: string) => leaves.find((part) => part.type === type && !isAttachment(part));
  const [text, html] = [textual('text/plain'), textual('text/html')];
  return {
    headers,
    subject: headerValue(headers, 'subject') ?? '',
    from: addresses('from')[0] ?? '',
    to: addresses('to'),
    cc: addresses('cc'),
    bcc: addresses('bcc'),
    text: text && textOf(text),
    html: html && textOf(html),
    attachments: leaves
      .filter((part) => part !== text && part !== html)
      .map((part) => ({ filename: filename(part), contentType: part.type, size: bytesOf(part).length })),
  };
}

function readPart(source: string): Part {
  const separator = /^\r?\n|\r?\n\r?\n/.exec(source);
  const headers = parseHeaders(separator ? source.slice(0, separator.index) : source);
  const body = separator ? source.slice(separator.index + separator[0].length) : '';
  const { value, parameters } = parseParameters(headerValue(headers, 'content-type') ?? 'text/plain');
  return { headers, type: value || 'text/plain', parameters, body };
}

function leavesOf(part: Part, depth: number): Part[] {
  const { boundary } = part.parameters;
  if (!part.type.startsWith('multipart/') || !boundary || depth > maximumDepth) return [part];
  return bodyParts(part.body, boundary).flatMap((source) => leavesOf(readPart(source), depth + 1));
}

function bodyParts(body: string, boundary: string): string[] {
  const parts: string[][] = [];
  for (const line of body.split(/\r?\n/)) {
    const end = line.trimEnd();
    if (end === `--${boundary}--`) break;
    if (end === `--${boundary}`) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts.map((lines) => lines.join('\r\n'));
}

function bytesOf({ headers, body }: Part): Buffer {
  switch (headerValue(headers, 'content-transfer-encoding')?.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'quoted-printable':
      return decodeQuotedPrintable(body);
    default:
      return Buffer.from(body, 'latin1');
  }
}

function textOf(part: Part): string {
  return decodeText(bytesOf(part), part.parameters.charset);
}

function isAttachment({ headers }: Part): boolean {
  return parseParameters(headerValue(headers, 'content-disposition') ?? '').value === 'attachment';
}

function filename({ headers, parameters }: Part): string {
  const disposition = parseParameters(headerValue(headers, 'content-disposition') ?? '');
  return decodeWords(disposition.parameters.filename ?? parameters.name ?? '');
}
