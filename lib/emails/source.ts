import { textOf } from '../mail/compose.ts';
import type { StoredEmail } from './schema.ts';

/** The templates of a mail's parts, before tokens have values. */
export type MailSource = {
  readonly subject: string;
  readonly previewText?: string;
  readonly html: string;
  readonly text: string;
};

/** What is sent: the published parts, or those of a draft as they would be published. */
export function sourceOf({ subject, previewText, content, ready }: StoredEmail): MailSource {
  if (ready) return ready;
  const html = content.html ?? '';
  return { subject, ...(previewText && { previewText }), html, text: content.plainTextVersion ?? textOf(html) };
}
