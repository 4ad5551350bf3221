import { publicUrl } from '../links/link.ts';
import { escaped, unescaped } from './entities.ts';
import { clickUrl, type OpenClaims, openUrl } from './links.ts';

/** What a person may click: links, areas of pictures, and the buttons that Outlook draws. */
const clickable = /(<(?:a|area|v:[a-z]+)\b[^>]*?\shref\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
/** Links of one mail; what has more is a page and no mail. */
const mostLinks = 200;
const longestUrl = 2000;

/** Our own pages are found in any mail and are not counted: they take what the person decides there. */
const isCounted = (url: string) =>
  /^https?:\/\/[^\s]+$/i.test(url) && url.length <= longestUrl && !/\/[us]\//.test(pathOfOurs(url));

const pathOfOurs = (url: string) => (url.startsWith(publicUrl()) ? url.slice(publicUrl().length) : '');

const tail = /<\/body\s*>/i;

/**
 * The HTML of one person's mail with its links led over the click redirect, and with a picture that tells of its opening. A link that no
 * person sees goes with them: who follows it reads mails by a program.
 */
export async function tracked(html: string, mail: OpenClaims, until: string): Promise<string> {
  const urls = new Map<string, string>();
  for (const [, , double, single, bare] of html.matchAll(clickable)) {
    const url = unescaped(double ?? single ?? bare ?? '').trim();
    if (isCounted(url) && urls.size < mostLinks && !urls.has(url))
      urls.set(url, await clickUrl({ ...mail, url, link: String(urls.size + 1) }, { until }));
  }
  const led = html.replace(clickable, (whole, before: string, double?: string, single?: string, bare?: string) => {
    const counted = urls.get(unescaped(double ?? single ?? bare ?? '').trim());
    return counted === undefined ? whole : `${before}"${escaped(counted)}"`;
  });
  const [trap, picture] = await Promise.all([clickUrl({ ...mail, link: '0' }, { until }), openUrl(mail, { until })]);
  const added =
    `<a href="${escaped(trap)}" style="display:none" tabindex="-1" aria-hidden="true"></a>` +
    `<img src="${escaped(picture)}" width="1" height="1" alt="" style="display:block;border:0">`;
  return tail.test(led) ? led.replace(tail, (end) => `${added}${end}`) : `${led}${added}`;
}
