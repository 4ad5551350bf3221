import { html } from '../pages/html.ts';
import type { SenderDetails } from './mail-settings.ts';
import type { Ready } from './schema.ts';

/** What each advertising mail must say. */
const duties = ['senderName', 'address', 'contact', 'unsubscribeLink'] as const;
export type Duty = (typeof duties)[number];

const wayOut =
  /\{\{-?\s*(?:unsubscribe_link|unsubscribe_link_all|preferences_link|links\.(?:unsubscribe|preferences))\b/;
const says: Readonly<Record<Duty, RegExp>> = {
  senderName: /\{\{-?\s*(?:site_settings\.company_name|sender\.name)\b/,
  address: /\{\{-?\s*(?:site_settings\.company_street_address_1|sender\.address)\b|〒\s*\d{3}|住所/,
  contact: /mailto:|tel:|お問い?合わ?せ先/,
  unsubscribeLink: wayOut,
};

/** What the template does not say itself. */
export function unsaid({ html: markup, text }: Ready, details: SenderDetails, fromName: string | undefined): Duty[] {
  const whole = `${markup}\n${text}`;
  const named = [details.senderName, fromName].some((name) => name && whole.includes(name));
  return duties.filter((duty) => {
    if (says[duty].test(whole)) return false;
    if (duty === 'senderName') return !named;
    if (duty === 'unsubscribeLink') return true;
    const value = details[duty];
    return !value || !whole.includes(value);
  });
}

/** What neither the template nor the account's settings can say. */
export const missingDuties = (left: readonly Duty[], details: SenderDetails, fromName: string | undefined): Duty[] =>
  left.filter(
    (duty) => duty !== 'unsubscribeLink' && !(duty === 'senderName' ? details.senderName || fromName : details[duty]),
  );

const words = {
  ja: { senderName: '送信者', address: '住所', contact: 'お問い合わせ先', unsubscribeLink: '配信停止・配信設定の変更' },
  en: {
    senderName: 'Sender',
    address: 'Address',
    contact: 'Contact',
    unsubscribeLink: 'Unsubscribe or choose what you get',
  },
};

/** A detail is somebody's text, never a template. */
const literal = (text: string) => text.replaceAll('{{', '{ {').replaceAll('{%', '{ %');

/** The parts with a footer that says what is left unsaid. */
export function withFooter(
  parts: Ready,
  {
    left,
    details,
    fromName,
    language = 'ja',
  }: { left: readonly Duty[]; details: SenderDetails; fromName: string | undefined; language?: string | undefined },
): Ready {
  if (left.length === 0) return parts;
  const labels = words[language.startsWith('en') ? 'en' : 'ja'];
  const detailOf = (duty: Exclude<Duty, 'unsubscribeLink'>) =>
    literal((duty === 'senderName' ? details.senderName || fromName : details[duty]) ?? '');
  const lines = left.flatMap((duty) => (duty === 'unsubscribeLink' ? [] : [`${labels[duty]}: ${detailOf(duty)}`]));
  const way = left.includes('unsubscribeLink');
  const block = html`<div style="margin:24px auto 0;max-width:600px;padding:12px 24px;border-top:1px solid #c5ccd4;color:#5a6775;font-size:13px;line-height:1.7">${lines.map((line) => html`${line}<br>`)}${way && html`<a href="{{ unsubscribe_link }}" style="color:#5a6775">${labels.unsubscribeLink}</a>`}</div>`;
  const end = /<\/body\s*>(?![\s\S]*<\/body)/i;
  const markup = end.test(parts.html) ? parts.html.replace(end, (tag) => `${block}${tag}`) : `${parts.html}${block}`;
  const tail = [...lines, ...(way ? [`${labels.unsubscribeLink}: {{ unsubscribe_link }}`] : [])].join('\n');
  return { ...parts, html: markup, text: `${parts.text}\n\n--\n${tail}\n` };
}
