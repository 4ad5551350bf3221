import { mailSender, sendRawMail } from '../aws/mail.ts';
import type { App } from '../core/app.ts';
import type { Entry, Origin } from '../outgoing/entry.ts';
import { sendOnce } from '../outgoing/entry-store.ts';
import { messageKey } from '../table/keys.ts';
import { compose } from './compose.ts';

export type Notice = {
  /** What makes it one mail: a repeat with the same id sends nothing. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  /** The record whose log tells what becomes of it, and what it is sent for. */
  readonly origin: Origin;
};

/**
 * Sends a mail of the system's own to one person, once. One whose fate is not known is not sent again: SES's events settle it.
 * @throws NotYet when it is to be tried again
 */
export async function sendNotice(app: App, { id, to, subject, body, origin }: Notice): Promise<Entry> {
  const raw = await compose({ from: mailSender(), to: [to], subject, body }, id);
  const content = { to: [to], subject };
  const order = { key: messageKey(id), id, content, origin, round: 1, afterCrash: 'GIVE_UP' as const, guard: [] };
  return sendOnce(app, order, async () => {
    const outcome = await sendRawMail(raw, [to]);
    return outcome.state === 'SENT' ? { state: 'SENT', reference: outcome.messageId } : outcome;
  });
}
