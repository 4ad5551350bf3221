import { type MailAddress, readMessageIds } from './addresses.ts';
import { fieldsNamed, fieldText, rawField } from './header.ts';
import { decodedBody, leavesOf } from './mime.ts';
import type { InboundMail } from './parse.ts';

/**
 * `BOUNCE`: a server tells that a mail did not arrive. `AUTO_REPLY`: nobody wrote it (out of office, receipts). `BULK`: it went to many.
 * None of them is answered, and none reopens a thread.
 */
export type Automatic = 'BOUNCE' | 'AUTO_REPLY' | 'BULK';

const autoSubject =
  /^(?:(?:re|fw|fwd)\s*[:：]\s*)*[[【(（「]?\s*(?:自動(?:返信|応答|送信|配信)|不在(?:通知|の?お知らせ|連絡|返信|届)|不在です|休暇中|受付完了|Automatic reply|Auto(?:matic)?[- ]?(?:reply|response)|Out of (?:the )?office|Abwesenheit)/i;
const daemon = /^(?:mailer-daemon|postmaster|mail-daemon|bounce)(?:[+@-]|$)/i;
const bounceSubject =
  /(?:undeliver|delivery (?:status|failure|has failed)|returned mail|failure notice|配信(?:不能|できません|に失敗)|送信できません)/i;

/** Whether a program wrote the mail, and of which kind. */
export function automaticKind(mail: InboundMail): Automatic | undefined {
  const { fields, from, subject, root } = mail;
  const field = (name: string) => (rawField(fields, name) ?? '').trim().toLowerCase();
  if (isReport(mail) || (isDaemon(from) && bounceSubject.test(subject))) return 'BOUNCE';
  const submitted = field('auto-submitted').replace(/[;(\s].*$/s, '');
  const answered =
    (submitted !== '' && submitted !== 'no') ||
    ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-auto-reply-from'].some(
      (name) => field(name) !== '' && field(name) !== 'no',
    ) ||
    (/\b(?:oof|all|autoreply|auto_reply)\b/.test(field('x-auto-response-suppress')) && autoSubject.test(subject)) ||
    field('precedence') === 'auto_reply';
  if (answered || autoSubject.test(subject) || isDaemon(from) || root.type.value === 'multipart/report')
    return 'AUTO_REPLY';
  const bulk =
    ['bulk', 'junk', 'list'].includes(field('precedence')) ||
    field('list-id') !== '' ||
    field('list-unsubscribe') !== '';
  return bulk ? 'BULK' : undefined;
}

const isDaemon = (from: MailAddress | undefined) => from !== undefined && daemon.test(from.address);

const isReport = ({ root }: InboundMail) =>
  root.type.value === 'multipart/report' && root.type.parameters['report-type']?.toLowerCase() === 'delivery-status';

/** What a bounce tells: the messages that did not arrive, and why. A report of mere delay, or of success, tells none. */
export function bounceOf(mail: InboundMail): { readonly messageIds: readonly string[]; readonly reason: string } {
  const parts = leavesOf(mail.root);
  const status = parts
    .filter(({ type }) => type.value === 'message/delivery-status')
    .map((part) => textIn(decodedBody(part)));
  const failed = status.length === 0 || status.some((text) => /^action\s*:\s*failed/im.test(text));
  const returned = parts
    .filter(({ type }) => /^(?:message\/rfc822|text\/rfc822-headers|message\/rfc822-headers)$/.test(type.value))
    .flatMap((part) => idsIn(textIn(decodedBody(part))));
  const code = /^status\s*:\s*([245]\.\d+\.\d+)/im.exec(status.join('\n'))?.[1];
  const diagnostic = /^diagnostic-code\s*:\s*(?:smtp;)?\s*(.{1,200})/im.exec(status.join('\n'))?.[1];
  const reason = [code, diagnostic].filter(Boolean).join(' ') || mail.subject || 'Bounced';
  return { messageIds: failed ? [...new Set([...returned, ...mail.references])] : [], reason: reason.slice(0, 300) };
}

const textIn = (bytes: Buffer) => bytes.subarray(0, 100_000).toString('latin1');
const idsIn = (head: string) => {
  const [, line] = /^message-id\s*:\s*(\S+|\r?\n\s+\S+)/im.exec(head) ?? [];
  return readMessageIds(line ?? '');
};

const mostHops = 40;

/** A mail that went through so many servers goes in a circle (RFC 5321, 6.3). */
export const wentInCircles = ({ fields }: InboundMail): boolean => fieldsNamed(fields, 'received').length > mostHops;

/** What SES found out about the mail. It writes its own fields above all others: what a sender wrote below does not count. */
export function verdictsOf({ fields }: InboundMail): { readonly isSpam: boolean; readonly hasVirus: boolean } {
  const failed = (name: string) => fieldText(fields, name).toUpperCase() === 'FAIL';
  return { isSpam: failed('x-ses-spam-verdict'), hasVirus: failed('x-ses-virus-verdict') };
}
