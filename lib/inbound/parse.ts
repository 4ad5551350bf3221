import { createHash } from 'node:crypto';
import { type MailAddress, readAddresses, readMessageIds } from './addresses.ts';
import { type Decoded, decodeAs, decodeText } from './charset.ts';
import { type Field, fieldsNamed, fieldText, rawField } from './header.ts';
import { htmlText } from './html-text.ts';
import { decodedBody, leavesOf, type Part, readParts } from './mime.ts';

/** A file that came with a mail. */
type InboundFile = {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
  /** By which the HTML of the mail shows it. */
  readonly contentId?: string;
};

/** A mail that came in, readable. Nothing of it is trusted: its HTML is not sanitised yet. */
export type InboundMail = {
  readonly fields: readonly Field[];
  readonly from: MailAddress | undefined;
  readonly replyTo: MailAddress | undefined;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string;
  /** When its sender says that it was sent; undefined when that is no time, or lies ahead. */
  readonly date: string | undefined;
  readonly messageId: string | undefined;
  /** Ids of the messages that it answers, the closest first. */
  readonly references: readonly string[];
  readonly text: string;
  readonly html: string | undefined;
  readonly charset: string;
  readonly files: readonly InboundFile[];
  /** Files that are not kept apart from the mail: it has more than we take. */
  readonly filesLeftOut: number;
  readonly root: Part;
};

const mostReferences = 30;
const mostFiles = 100;

/** A part that is the mail's own text, and not a file with it. */
const isText = (part: Part) =>
  /^text\/(plain|html)$/.test(part.type.value) && part.disposition.value !== 'attachment' && !nameOf(part);

const nameOf = ({ type, disposition }: Part) => disposition.parameters.filename || type.parameters.name || '';

/**
 * Reads a mail as it came over the wire. Never throws for what is in it; takes about a second for 40 MB. `charset` is what a person chose
 * for its text when what we found out is wrong.
 */
export function readMail(raw: Buffer, { charset }: { readonly charset?: string | undefined } = {}): InboundMail {
  const root = readParts(raw);
  const { fields } = root;
  const leaves = leavesOf(root);
  const read = (part: Part) => textOf(part, charset);
  const plain = leaves.filter((part) => isText(part) && part.type.value === 'text/plain').map(read);
  const html = leaves.filter((part) => isText(part) && part.type.value === 'text/html').map(read);
  const files = leaves.filter((part) => !isText(part) && part.body.length > 0);
  const addresses = (name: string) => fieldsNamed(fields, name).flatMap(readAddresses);
  const text = plain.map((part) => part.text).join('\n');
  const markup = html.map((part) => part.text).join('\n');
  return {
    fields,
    from: addresses('from')[0] ?? addresses('sender')[0],
    replyTo: addresses('reply-to')[0],
    to: addresses('to'),
    cc: addresses('cc'),
    subject: subjectOf(fields),
    date: dateOf(fields),
    messageId: readMessageIds(rawField(fields, 'message-id'))[0],
    references: referencesOf(fields),
    text: text.trim() ? text : htmlText(markup),
    html: markup.trim() ? markup : undefined,
    charset: [...plain, ...html].find((each) => each.charset !== 'us-ascii')?.charset ?? 'us-ascii',
    files: files.slice(0, mostFiles).map(fileOf),
    filesLeftOut: Math.max(0, files.length - mostFiles),
    root,
  };
}

const longestSubject = 500;
const subjectOf = (fields: readonly Field[]) => fieldText(fields, 'subject').slice(0, longestSubject);

/** Line breaks become `\n`; a NUL, which neither the table's clients nor browsers take, goes. */
function textOf(part: Part, chosen: string | undefined): Decoded {
  const bytes = decodedBody(part);
  const read =
    (chosen === undefined ? undefined : decodeAs(bytes, chosen)) ?? decodeText(bytes, declaredIn(part, bytes));
  return { ...read, text: read.text.replaceAll('\0', '').replace(/\r\n?/g, '\n').replace(/^﻿/, '') };
}

/** The charset of the part's header or, for HTML without one, of its own `meta`. */
function declaredIn({ type }: Part, bytes: Buffer): string {
  if (type.parameters.charset || type.value !== 'text/html') return type.parameters.charset ?? '';
  const head = bytes.subarray(0, 2000).toString('latin1');
  return /<meta[^<>]{0,200}charset\s*=\s*["']?([\w-]{2,40})/i.exec(head)?.[1] ?? '';
}

function fileOf(part: Part): InboundFile {
  const [contentId] = readMessageIds(rawField(part.fields, 'content-id'));
  const type = /^[\w.+-]{1,60}\/[\w.+-]{1,80}$/.test(part.type.value) ? part.type.value : 'application/octet-stream';
  const bytes = decodedBody(part);
  return { name: safeName(nameOf(part), type), type, bytes, ...(contentId !== undefined && { contentId }) };
}

const extensions: Readonly<Record<string, string>> = {
  'message/rfc822': '.eml',
  'text/plain': '.txt',
  'text/html': '.html',
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
  'application/pdf': '.pdf',
};
const longestName = 120;

/** A name without folders, control signs and marks that turn the direction of writing; with something before its extension. */
function safeName(given: string, type: string): string {
  const name = given
    .replace(/^.*[\\/]/s, '')
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '')
    .trim()
    .replace(/^\.+/, '');
  if (!name) return `attachment${extensions[type] ?? ''}`;
  const [, extension = ''] = /(\.[^.]{1,12})$/.exec(name) ?? [];
  return name.length <= longestName ? name : `${name.slice(0, longestName - extension.length)}${extension}`;
}

function dateOf(fields: readonly Field[]): string | undefined {
  const time = Date.parse((rawField(fields, 'date') ?? '').replace(/\([^()]*\)/g, '').trim());
  const plausible = time > Date.UTC(1990, 0, 1) && time < Date.now() + 86_400_000;
  return plausible ? new Date(time).toISOString() : undefined;
}

/** `In-Reply-To` first, then `References` from its end, which is the closest. */
function referencesOf(fields: readonly Field[]): string[] {
  const answered = fieldsNamed(fields, 'in-reply-to').flatMap((raw) => readMessageIds(raw));
  const before = fieldsNamed(fields, 'references').flatMap((raw) => readMessageIds(raw));
  return [...new Set([...answered, ...before.reverse()])].slice(0, mostReferences);
}

/** What makes two deliveries of a message the same: its id with what its sender wrote, without what servers on the way added. */
export function fingerprint(raw: Buffer, { messageId, fields, root }: InboundMail): string {
  const hash = createHash('sha256');
  if (messageId === undefined) return hash.update(raw).digest('hex');
  const own = ['from', 'to', 'cc', 'subject', 'date', 'content-type'].map((name) => rawField(fields, name) ?? '');
  return hash
    .update([messageId, ...own].join('\n'))
    .update(root.body)
    .digest('hex');
}
