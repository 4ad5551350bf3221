import { renderTemplate, type TemplateFacts } from '../templates/render.ts';
import type { StoredEmail } from './schema.ts';
import { sourceOf } from './source.ts';

export type RenderedEmail = {
  readonly subject: string;
  readonly previewText?: string;
  readonly html: string;
  readonly text: string;
  /** `address` is there when the mail has a sender of its own; else it goes out from the account's. */
  readonly from: { readonly name: string; readonly address?: string; readonly replyTo?: string };
  /** Tokens without value and without default, of any part; somebody who misses one is not written to. */
  readonly missing: string[];
};

/** The mail as one person gets it. Its links are the ones of the template. @throws TemplateProblem */
export async function renderEmail(email: StoredEmail, facts: TemplateFacts): Promise<RenderedEmail> {
  const source = sourceOf(email);
  const subject = await renderTemplate(source.subject, facts);
  const preview = source.previewText === undefined ? undefined : await renderTemplate(source.previewText, facts);
  const html = await renderTemplate(source.html, facts, 'html');
  const text = await renderTemplate(source.text, facts);
  const { fromName = '', replyTo, customReplyTo } = email.from;
  const answerTo = customReplyTo || replyTo;
  return {
    subject: subject.text,
    ...(preview && { previewText: preview.text }),
    html: html.text,
    text: text.text,
    from: { name: fromName, ...(answerTo && { replyTo: answerTo }) },
    missing: [...new Set([subject, preview, html, text].flatMap((part) => part?.missing ?? []))],
  };
}
