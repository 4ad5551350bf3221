import { randomUUID } from 'node:crypto';
import { memberValues } from './query-protocol.ts';

/** The mail that SES makes of a `SendEmail` call. Bcc recipients get it, but no header names them. */
export function composeMail(form: URLSearchParams, now: number): Buffer {
  const addresses = (kind: string) => memberValues(form, `Destination.${kind}Addresses`);
  const [replyTo, to, cc] = [memberValues(form, 'ReplyToAddresses'), addresses('To'), addresses('Cc')];
  const headers = [
    `From: ${encodeName(form.get('Source') ?? '')}`,
    ...(to.length > 0 ? [`To: ${to.map(encodeName).join(', ')}`] : []),
    ...(cc.length > 0 ? [`Cc: ${cc.map(encodeName).join(', ')}`] : []),
    ...(replyTo.length > 0 ? [`Reply-To: ${replyTo.map(encodeName).join(', ')}`] : []),
    `Subject: ${encodeWord(form.get('Message.Subject.Data') ?? '')}`,
    `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@local.amazonses.com>`,
    'MIME-Version: 1.0',
  ];
  const text = form.get('Message.Body.Text.Data');
  const html = form.get('Message.Body.Html.Data');
  const parts = [
    ...(text === null ? [] : [bodyPart('text/plain', text)]),
    ...(html === null ? [] : [bodyPart('text/html', html)]),
  ];
  return Buffer.from([...headers, ...content(parts)].join('\r\n'));
}

function content(parts: readonly (readonly string[])[]): string[] {
  const [only] = parts;
  if (parts.length < 2) return [...(only ?? bodyPart('text/plain', ''))];
  const boundary = `----=_Part_${randomUUID()}`;
  return [
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    ...parts.flatMap((part) => [`--${boundary}`, ...part]),
    `--${boundary}--`,
    '',
  ];
}

function bodyPart(type: string, data: string): string[] {
  const lines =
    Buffer.from(data)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return [`Content-Type: ${type}; charset=UTF-8`, 'Content-Transfer-Encoding: base64', '', ...lines];
}

function encodeWord(text: string): string {
  // A line break in a subject would begin another header.
  const line = text.replaceAll(/[\r\n]+/g, ' ');
  return /[^\u0020-\u007e]/.test(line) ? `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=` : line;
}

/** `山田 <y@example.com>`: only the name may need encoding. */
function encodeName(address: string): string {
  const [, name, rest] = /^(.*?)(<[^<>]*>)\s*$/s.exec(address) ?? [];
  return rest === undefined ? encodeWord(address) : `${encodeWord((name ?? '').trim())} ${rest}`.trim();
}
