import type { Mail } from '../services/ses.ts';
import { html } from './html.ts';
import { page, table } from './layout.ts';

/** Every mail that was sent, newest first. */
export const mailListPage = (mails: readonly Mail[]): string =>
  page(
    'Mail',
    table(
      ['Sent', 'From', 'To', 'Subject'],
      mails.map(({ messageId, at, from, to, subject }) => [
        at,
        from,
        to.join(', '),
        html`<a href="/local/mail/${encodeURIComponent(messageId)}">${subject || '(no subject)'}</a>`,
      ]),
      'No mail has been sent.',
    ),
  );

/** What a recipient may do with a mail, and what may become of it. */
const events = ['Delivery', 'Open', 'Click', 'Bounce', 'Complaint'];

/** A mail program opens links in a window of their own; nothing in a mail may run. */
const asRead = (body: string) => `<base target="_blank">${body}`;

/** One mail. Its HTML is shown in a frame that may run nothing; its links open as they do for a reader. */
export const mailPage = (mail: Mail): string =>
  page(
    mail.subject || '(no subject)',
    html`
      ${table(['Header', 'Value'], Object.entries(mail.headers), 'No headers.')}
      <p>Envelope: ${mail.envelope.from} → ${mail.envelope.to.join(', ')}</p>
      <p>${events.map((type) => html`<form method="post" action="/local/mail/${encodeURIComponent(mail.messageId)}/${type}" style="display:inline"><button>${type}</button></form> `)}</p>
      ${mail.html !== undefined && html`<h2>HTML</h2><iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail's HTML" srcdoc="${asRead(mail.html)}"></iframe>`}
      ${mail.text !== undefined && html`<h2>Text</h2><pre>${mail.text}</pre>`}
      <h2>Raw</h2><pre>${mail.raw}</pre>
    `,
  );
