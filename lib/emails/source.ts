import { textOf } from '../mail/compose.ts';
import { documentOf, previewTextOf } from './modules.ts';
import type { EmailDraft, Ready, StoredEmail } from './schema.ts';

/** The text part that was written, or the reading of the HTML: links stand behind their words. */
const textPartOf = ({ content }: EmailDraft, html: string): string =>
  content.plainTextVersion || textOf(withAddresses(html.replace(/<head\b[\s\S]*?<\/head>/gi, '')));

const withAddresses = (html: string): string =>
  html.replace(/<a\b[^>]*?\bhref="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, (_, href: string, words: string) => {
    const shown = words.replace(/<[^>]*>/g, '').trim();
    return shown === '' || shown === href ? href : `${shown}: ${href}`;
  });

/** The parts of a mail as templates, as they are written: without footer and inlined styles. */
export function writtenParts(draft: EmailDraft): Ready {
  const html = documentOf(draft.content, draft.language);
  const previewText = draft.previewText || previewTextOf(draft.content);
  return { subject: draft.subject, ...(previewText && { previewText }), html, text: textPartOf(draft, html) };
}

/** What is sent: the published parts, or those of a draft as they are written. */
export const sourceOf = (email: StoredEmail): Ready => email.ready ?? writtenParts(email);
