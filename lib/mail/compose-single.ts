import MailComposer from 'nodemailer/lib/mail-composer';

/** A rendered e-mail to one person. */
export type SingleMail = {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly cc?: readonly string[];
  readonly replyTo?: readonly string[];
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** With it a mail program shows a button that stops this kind of mail (RFC 2369, 8058). */
  readonly unsubscribeUrl?: string;
};

const oneLine = (text: string) => text.replace(/[\r\n]+/g, ' ');

/** The message as it goes over the wire, in UTF-8 and base64, with the tag that comes back with every event that SES reports about it. */
export function composeSingle(mail: SingleMail, messageTag: string): Promise<Buffer> {
  const { from, to, cc = [], replyTo = [], subject, html, text, unsubscribeUrl } = mail;
  return new MailComposer({
    from: { name: oneLine(from.name), address: from.address },
    to,
    cc: [...cc],
    replyTo: replyTo.map(oneLine),
    subject: oneLine(subject),
    html,
    text,
    textEncoding: 'base64',
    headers: {
      'X-SES-MESSAGE-TAGS': { prepared: true, value: `message=${messageTag}` },
      // Auto-responders stay silent (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl !== undefined && {
        'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
  })
    .compile()
    .build();
}
