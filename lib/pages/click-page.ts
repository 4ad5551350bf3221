import type { Reply } from '../core/handle.ts';
import { html } from './html.ts';
import { pageReply } from './layout.ts';
import type { Language } from './words.ts';

const words = {
  ja: {
    INVALID: 'このリンクは正しくありません',
    invalidHint: 'メールのリンクをもう一度開くか、アドレスが途中で切れていないかご確認ください。',
    EXPIRED: 'このリンクの有効期限は切れました',
    expiredHint: 'お手数ですが、メールの送信元へお問い合わせください。',
    nobody: 'このリンクの先には何もありません',
    nobodyHint: 'メールを検査するプログラムを見分けるためのリンクです。メールの内容には影響しません。',
  },
  en: {
    INVALID: 'This link is not valid',
    invalidHint: 'Please open the link in the mail again, or check whether its address was cut off.',
    EXPIRED: 'This link has expired',
    expiredHint: 'Please ask the sender of the mail.',
    nobody: 'There is nothing behind this link',
    nobodyHint: 'It tells programs that inspect mail from people. Nothing has changed.',
  },
} as const;

/** The page for a link of a mail that leads nowhere. */
export function refusedClickPage(refused: 'INVALID' | 'EXPIRED', language: Language): Reply {
  const { [refused]: title, invalidHint, expiredHint } = words[language];
  const hint = refused === 'EXPIRED' ? expiredHint : invalidHint;
  const body = html`<h1>${title}</h1><p>${hint}</p>`;
  return pageReply({ title, language, status: refused === 'EXPIRED' ? 410 : 404, body });
}

/** What is behind the link that no person sees. */
export function nobodysLinkPage(language: Language): Reply {
  const { nobody: title, nobodyHint } = words[language];
  return pageReply({ title, language, body: html`<h1>${title}</h1><p>${nobodyHint}</p>` });
}
