import { escaped } from '../engagement/entities.ts';
import type { RenderedEmail } from './render.ts';

export const wordsIn = (language = 'ja') => ({
  unsubscribe: language.startsWith('en') ? 'Unsubscribe or choose what you get' : '配信停止・配信設定の変更',
});

const bodyBegin = /<body\b[^>]*>/i;
const bodyEnd = /<\/body\s*>/i;

/** Who gets advertising must find the way out in it (特定電子メール法). A mail that does not name it gets a line at its end. */
function withWayOut(html: string, url: string, { unsubscribe }: { readonly unsubscribe: string }): string {
  if (html.includes(url) || html.includes(escaped(url))) return html;
  const line = `<p style="margin:24px 0 0;padding-top:12px;border-top:1px solid #c5ccd4;color:#5a6775;font-size:13px"><a href="${escaped(url)}" style="color:#5a6775">${unsubscribe}</a></p>`;
  return bodyEnd.test(html) ? html.replace(bodyEnd, (end) => `${line}${end}`) : `${html}${line}`;
}

/** What mail programs show beside the subject stands unseen at the beginning of the body. */
function withPreheader(html: string, previewText: string | undefined): string {
  if (!previewText) return html;
  const preheader = `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escaped(previewText)}</div>`;
  return bodyBegin.test(html) ? html.replace(bodyBegin, (begin) => `${begin}${preheader}`) : `${preheader}${html}`;
}

type WayOut = { readonly url: string; readonly words: ReturnType<typeof wordsIn> };

/** Both parts of a mail with what every mail has: the text beside the subject, and the way out where one is due. */
export function frame(
  { html, text, previewText }: Pick<RenderedEmail, 'html' | 'text' | 'previewText'>,
  wayOut: WayOut | undefined,
): { readonly html: string; readonly text: string } {
  const led = wayOut ? withWayOut(html, wayOut.url, wayOut.words) : html;
  const line = wayOut && !text.includes(wayOut.url) ? `\n\n--\n${wayOut.words.unsubscribe}: ${wayOut.url}\n` : '';
  return { html: withPreheader(led, previewText), text: `${text}${line}` };
}
