import { createHash } from 'node:crypto';
import { Reply, type RequestFacts } from '../core/handle.ts';
import { Html, html } from './html.ts';
import { type Language, wordsOf } from './words.ts';

const stylesheet = `
:root{color-scheme:light dark;--ink:#1f2933;--paper:#fff;--ground:#f3f5f8;--line:#8a97a6;--accent:#1f5fbf;--wrong:#b42318;--soft:#5a6775}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf2;--paper:#1b222b;--ground:#12171d;--line:#6b7a8c;--accent:#7db0ff;--wrong:#ff9a8f;--soft:#a9b6c4}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.7 system-ui,"Hiragino Sans","Noto Sans JP","Yu Gothic UI",Meiryo,sans-serif}
main{max-width:40rem;margin:0 auto;padding:2rem 1.25rem;background:var(--paper);min-height:100vh}
@media (min-width:44rem){main{margin:2rem auto;min-height:0;border-radius:.75rem;padding:2.5rem}}
h1{font-size:1.4rem;line-height:1.4;margin:0 0 1.25rem}
.field,fieldset{margin:0 0 1.4rem;padding:0;border:0;min-width:0}
label,legend{display:block;font-weight:600;margin:0 0 .35rem;padding:0}
.choice{display:flex;gap:.6rem;align-items:flex-start;font-weight:400;padding:.35rem 0;margin:0}
.choice input{flex:none;width:1.2rem;height:1.2rem;margin:.25rem 0 0}
.mark{font-size:.8rem;font-weight:600;color:var(--wrong);margin-inline-start:.5rem}
.hint,.note{color:var(--soft);font-size:.9rem;margin:.25rem 0}
.error{color:var(--wrong);font-size:.9rem;margin:.35rem 0 0;font-weight:600}
input:not(:where([type=radio],[type=checkbox])),select,textarea{width:100%;min-height:2.9rem;padding:.6rem .7rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.4rem}
textarea{min-height:8rem;resize:vertical}
[aria-invalid=true]{border-color:var(--wrong);border-width:2px}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.summary{border:2px solid var(--wrong);border-radius:.4rem;padding:1rem 1.25rem;margin:0 0 1.5rem}
.summary h2{font-size:1.05rem;margin:0 0 .5rem}
.summary ul{margin:0;padding-inline-start:1.2rem}
a{color:var(--accent)}
button{font:inherit;font-weight:700;padding:.75rem 2rem;min-height:3rem;border:0;border-radius:.4rem;background:var(--accent);color:#fff;cursor:pointer}
@media (prefers-color-scheme:dark){button{color:#10151b}}
.scale{display:grid;grid-template-columns:repeat(auto-fit,minmax(2.8rem,1fr));gap:.4rem}
.scale label{display:flex;flex-direction:column;align-items:center;gap:.2rem;margin:0;padding:.6rem .2rem;border:1px solid var(--line);border-radius:.4rem;cursor:pointer}
.scale label:has(:checked){border-color:var(--accent);box-shadow:inset 0 0 0 2px var(--accent)}
.scale input{width:1.25rem;height:1.25rem;margin:0;accent-color:var(--accent)}
.ends{display:flex;justify-content:space-between;gap:1rem;color:var(--soft);font-size:.9rem;margin:.25rem 0}
.trap{position:absolute;left:-10000px;top:auto;width:1px;height:1px;overflow:hidden}
@media (max-width:30rem){button{width:100%}}
`;

const hashOf = (style: string) => createHash('sha256').update(style).digest('base64');

export type Page = {
  readonly title: string;
  readonly language: Language;
  readonly body: Html;
  readonly status?: number;
  /** Where a form of the page may lead in the end. Browsers check redirects after a form against it, too. */
  readonly formAction?: string;
  /** Rules that only this page has. */
  readonly style?: string;
  /** A script of our own, by its path; pages do without unless it makes them easier to use. */
  readonly script?: string;
  /** Who may show the page in a frame; forms may be framed by any site. */
  readonly framedBy?: string;
};

/** A whole page: no foreign resource, no script but one of our own, and nothing kept by caches, because a form page carries an id of its own. */
export function pageReply(page: Page): Reply {
  const { title, language, body, status = 200, formAction = "'none'", framedBy = '*' } = page;
  const style = stylesheet + (page.style ?? '');
  const document = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Html(style)}</style>
${page.script !== undefined && html`<script src="${page.script}" defer></script>`}
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
  return new Reply(status, document.markup, {
    'content-type': 'text/html; charset=utf-8',
    'content-language': language,
    'content-security-policy': `default-src 'none'; style-src 'sha256-${hashOf(style)}';${page.script === undefined ? '' : " script-src 'self'; connect-src 'self';"} base-uri 'none'; form-action ${formAction}; frame-ancestors ${framedBy}`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cache-control': 'no-store',
    vary: 'accept-language',
  });
}

/** The page for an address that leads nowhere. */
export function notFoundPage(language: Language): Reply {
  const words = wordsOf(language);
  return pageReply({
    title: words.notFound,
    language,
    status: 404,
    body: html`<h1>${words.notFound}</h1><p>${words.notFoundHint}</p>`,
  });
}

/** The page for a moment at which nothing can be read. */
export function busyPage(language: Language, retryAfterSeconds: number): Reply {
  const { busy } = wordsOf(language);
  const { status, body, headers } = pageReply({ title: busy, language, status: 503, body: html`<h1>${busy}</h1>` });
  return new Reply(status, body, { ...headers, 'retry-after': String(retryAfterSeconds) });
}

/** The language that the visitor asks for by `?lang`, else by the browser's order of preference, else the page's own. */
export function languageOf(request: Pick<RequestFacts, 'headers'>, asked: string | undefined, own: string): Language {
  const preferred = (request.headers['accept-language'] ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', quality] = entry
        .trim()
        .toLowerCase()
        .split(/;\s*q=/);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((left, right) => right.quality - left.quality)
    .map(({ tag }) => tag);
  const known = [asked?.toLowerCase() ?? '', ...preferred, own.toLowerCase()].find((tag) => /^(ja|en)\b/.test(tag));
  return known?.startsWith('en') ? 'en' : 'ja';
}
