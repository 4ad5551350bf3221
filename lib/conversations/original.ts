import type * as z from 'zod/mini';
import { presignMailFile, readRawMail } from '../aws/mails.ts';
import { CrmError } from '../core/errors.ts';
import { charsetNamed } from '../inbound/charset.ts';
import { readMail } from '../inbound/parse.ts';
import { sanitised } from '../inbound/sanitise.ts';
import type { OriginalContent } from './public-schema.ts';
import type { Message } from './schema.ts';

/** An answer of Lambda may have 6 MB. */
const longest = 1_000_000;

/**
 * The whole text of a message, as it was sent, quotations and all; on wish decoded anew by another charset. @throws CrmError 400 for a
 * charset that there is not
 */
export async function originalOf(
  message: Message,
  charset: string | undefined,
): Promise<z.input<typeof OriginalContent>> {
  if (charset !== undefined && charsetNamed(charset) === undefined)
    throw new CrmError('VALIDATION_ERROR', `charset: there is no charset ${charset}`, {
      context: { charset: [charset] },
    });
  const raw = message.rawKey === undefined ? undefined : await readRawMail(message.rawKey);
  if (!raw || message.rawKey === undefined) {
    const { text, html = '', subject = '' } = message;
    return { text, richText: html, subject, charset: message.charset ?? 'utf-8' };
  }
  const mail = readMail(raw, { charset });
  return {
    text: mail.text.slice(0, longest),
    richText: mail.html === undefined ? '' : sanitised(mail.html),
    subject: mail.subject,
    charset: mail.charset,
    rawUrl: await presignMailFile(message.rawKey, 'message.eml'),
  };
}
