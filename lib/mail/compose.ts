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
    subject: oneLine(subject),
    ...content,
    // Auto-responders stay silent (RFC 3834).
    headers: { 'X-SES-MESSAGE-TAGS': `message=${messageTag}`, 'Auto-Submitted': 'auto-generated' },
  })
    .compile()
    .build();
}

export type BulkMail = {
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** The person's own link; a mail program's button posts to it (RFC 8058). */
  readonly unsubscribeUrl: string;
  readonly tags: Readonly<Record<string, string>>;
  /** By what Gmail's Postmaster Tools tell complaints apart: up to four parts, the last one the sender's. */
  readonly feedbackId: string;
};

/**
 * A mail to one of many: as any mail, with the unsubscribe link in its head (RFC 2369, 8058), and marked as bulk, so that nobody's
 * auto-reply answers it. Base64, because Japanese paragraphs are long lines; a Japanese subject becomes words of 52 bytes (RFC 2047: 75).
 */
export function composeBulk({ from, replyTo, to, subject, html, text, ...mail }: BulkMail): Promise<Buffer> {
  const tagged = Object.entries(mail.tags).map(([name, value]) => `${name}=${value}`);
  return new MailComposer({
    from: { name: oneLine(from.name), address: from.address },
    to,
    ...(replyTo !== undefined && { replyTo: oneLine(replyTo) }),
    subject: oneLine(subject),
    html,
    text,
    textEncoding: 'base64',
    headers: {
      'X-SES-MESSAGE-TAGS': { prepared: true, value: tagged.join(', ') },
      'List-Unsubscribe': { prepared: true, value: `<${mail.unsubscribeUrl}>` },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Feedback-ID': { prepared: true, value: mail.feedbackId },
      Precedence: 'bulk',
    },
  })
    .compile()
    .build();
}

export type ThreadedMail = {
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
  readonly to: readonly { readonly name: string; readonly address: string }[];
  readonly cc: readonly { readonly name: string; readonly address: string }[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | undefined;
  /** Without brackets, as the ids that it refers to, oldest first. */
  readonly messageId: string;
  readonly references: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
};

/** A mail from one person to another: mail programs show it below what it answers. */
export function composeThreaded({
  from,
  replyTo,
  to,
  cc,
  subject,
  text,
  html,
  ...mail
}: ThreadedMail): Promise<Buffer> {
  const parties = (list: ThreadedMail['to']) => list.map(({ name, address }) => ({ name: oneLine(name), address }));
  const bracketed = mail.references.map((id) => `<${id}>`);
  const tagged = Object.entries(mail.tags).map(([name, value]) => `${name}=${value}`);
  return new MailComposer({
    from: { name: oneLine(from.name), address: from.address },
    ...(replyTo !== undefined && { replyTo }),
    to: parties(to),
    cc: parties(cc),
    subject: oneLine(subject),
    text,
    ...(html !== undefined && { html }),
    textEncoding: 'base64',
    messageId: `<${mail.messageId}>`,
    ...(bracketed.length > 0 && { inReplyTo: bracketed.at(-1) ?? '', references: bracketed }),
    headers: { 'X-SES-MESSAGE-TAGS': { prepared: true, value: tagged.join(', ') } },
  })
    .compile()
    .build();
}

const oneLine = (text: string) => text.replace(/[\r\n]+/g, ' ');
