import MailComposer from 'nodemailer/lib/mail-composer';

export type Mail = {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
};

/** A body that holds a tag is HTML, any other is plain text. */
export const isHtml = (body: string): boolean => /<[a-z][^<>]*>/i.test(body);

/** The reading of an HTML body without its tags, for readers that show no HTML. */
export const textOf = (html: string): string =>
  html
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<(br|\/p|\/div|\/li|\/tr|\/h[1-6])\b[^>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/**
 * The message as it goes over the wire, in UTF-8. Its tag comes back with every event that SES reports about it, which is how the
 * ledger learns what became of it.
 */
export function compose({ from, to, subject, body }: Mail, messageTag: string): Promise<Buffer> {
  const content = isHtml(body) ? { html: body, text: textOf(body) } : { text: body };
  return new MailComposer({
    from,
    to: [...to],
    subject: subject.replace(/[\r\n]+/g, ' '),
    ...content,
    // Auto-responders stay silent (RFC 3834).
    headers: { 'X-SES-MESSAGE-TAGS': `message=${messageTag}`, 'Auto-Submitted': 'auto-generated' },
  })
    .compile()
    .build();
}
