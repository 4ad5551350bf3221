import sanitize from 'sanitize-html';
import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { Reply } from '../core/handle.ts';
import { publicUrl, readLink } from '../links/link.ts';
import { readRecord } from '../objects/read-store.ts';
import { factsOf } from '../templates/facts.ts';
import { tokensOf } from './check.ts';
import { renderEmail } from './render.ts';
import type { StoredEmail } from './schema.ts';
import { sourceOf } from './source.ts';
import { findEmail } from './store.ts';

const Claims = z.object({ emailId: z.string(), contactId: z.string() });

/**
 * Nothing runs and nothing is posted on the page, whatever the mail holds: it is sanitised, and the policy puts it into a sandbox of its own.
 * Styles of a mail stand on its elements, so that they are allowed; images come from anywhere by https, as in a mail program.
 */
const headers = {
  'content-type': 'text/html;charset=utf-8',
  'content-security-policy':
    "default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};

/** The web version of a mail; 404 when it, or the contact, is there no more, or the mail has none. It writes nothing. */
export async function viewPage(app: App, token: string): Promise<Reply> {
  const link = await readLink('view', token, Claims);
  if ('refused' in link) return gone(link.refused === 'EXPIRED' ? 410 : 404);
  const [email, contact] = await Promise.all([
    findEmail(app, link.claims.emailId),
    readRecord(app, '0-1', { id: link.claims.contactId }, { followMerged: true }),
  ]);
  if (!email || !contact || !isShown(email, app.now())) return gone(404);
  const facts = (await factsOf(app, [contact], tokensOf(sourceOf(email)))).get(contact.id) ?? {};
  const self = `${publicUrl()}/v/${token}`;
  const links = { unsubscribe: '', preferences: '', view: self };
  const { html, subject } = await renderEmail(email, { ...facts, links, sender: { name: email.from.fromName ?? '' } });
  return new Reply(200, pageOf(html, email.webversion?.title || subject, email.language), headers);
}

/** A mail has its page until its settings end it. */
const isShown = ({ ready, webversion = {} }: StoredEmail, now: string): boolean =>
  ready !== undefined &&
  webversion.enabled !== false &&
  !(
    webversion.pageExpiryEnabled &&
    webversion.expiresAt !== undefined &&
    Date.parse(webversion.expiresAt) <= Date.parse(now)
  );

const bodyStyle = /<body\b[^>]*\bstyle="([^"]*)"/i;

function pageOf(html: string, title: string, language = 'ja'): string {
  const style = bodyStyle.exec(html)?.[1] ?? '';
  const asText = (text: string) =>
    sanitize(text, { allowedTags: [], disallowedTagsMode: 'escape' }).replaceAll('"', '&quot;');
  return `<!doctype html><html lang="${asText(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${asText(title)}</title></head><body style="${asText(style)}">${sanitised(html)}</body></html>`;
}

const layout = ['style', 'align', 'valign', 'width', 'height', 'bgcolor', 'dir', 'lang', 'role', 'class'];

const sanitised = (html: string): string =>
  sanitize(html, {
    allowedTags: [...sanitize.defaults.allowedTags, 'img', 'center', 'font', 'del', 'ins'],
    allowedAttributes: {
      '*': layout,
      a: ['href', 'title', ...layout],
      img: ['src', 'alt', 'title', ...layout],
      table: ['cellpadding', 'cellspacing', 'border', ...layout],
      td: ['colspan', 'rowspan', ...layout],
      th: ['colspan', 'rowspan', ...layout],
      font: ['color', 'size', 'face'],
    },
    allowedSchemes: ['https', 'http', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['https', 'data'] },
    // What stands in the head is no text.
    nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'title'],
    transformTags: {
      a: (tagName, attribs) =>
        // A person's own way out is in the mail, not on a page that may be handed on.
        attribs.href
          ? { tagName, attribs: { ...attribs, target: '_blank', rel: 'noopener noreferrer' } }
          : { tagName: 'span', attribs: {} },
    },
  });

const gone = (status: number): Reply =>
  new Reply(
    status,
    '<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>表示できません</title></head><body><p>このメールは表示できません。</p><p lang="en">This mail cannot be shown.</p></body></html>',
    headers,
  );
