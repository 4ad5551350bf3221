import type { Reply } from '../core/handle.ts';
import { type Html, html, lines } from '../pages/html.ts';
import { pageReply } from '../pages/layout.ts';
import type { Language } from '../pages/words.ts';
import type { ConsentSource } from './entry.ts';
import type { Evidence } from './evidence.ts';
import { evidenceWords } from './evidence-words.ts';

const style = `
table{width:100%;border-collapse:collapse;margin:0 0 1.75rem;font-size:.9rem}
caption{text-align:start;font-weight:700;font-size:1.05rem;margin:0 0 .5rem}
th,td{text-align:start;vertical-align:top;padding:.45rem .6rem;border:1px solid var(--line);overflow-wrap:anywhere}
th{font-weight:600;white-space:nowrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.25rem;margin:0 0 1.75rem}
dt{font-weight:600}
dd{margin:0;overflow-wrap:anywhere}
@media (min-width:44rem){main{max-width:60rem}}
@media print{@page{size:A4 landscape;margin:12mm}main{max-width:none;margin:0;padding:0}tr{break-inside:avoid}}
`;

/** Japan's time, to the second: what a record is compared with stands in Japanese papers. */
const timeOf = (at: string, language: Language) =>
  `${new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    timeZone: 'Asia/Tokyo',
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(new Date(at))} JST`;

/** The whole proof on one page that can be printed. */
export function evidencePage(evidence: Evidence, language: Language, now = new Date().toISOString()): Reply {
  const words = evidenceWords(language);
  const { email, standing, results, paging } = evidence;
  const states = standing.map(
    ({ name, mayReceive }) => html`<tr><td>${name[language]}</td><td>${mayReceive ? words.yes : words.no}</td></tr>`,
  );
  return pageReply({
    title: `${words.title} ${email}`,
    language,
    style,
    framedBy: "'none'",
    body: html`<h1>${words.title}</h1><p>${words.lead}</p>
<dl><dt>${words.address}</dt><dd>${email}</dd><dt>${words.madeAt}</dt><dd>${timeOf(now, language)}</dd></dl>
<table><caption>${words.standing}</caption><thead><tr><th scope="col">${words.kind}</th><th scope="col">${words.state}</th></tr></thead><tbody>${states}</tbody></table>
${results.length > 0 ? history(evidence, language) : html`<p>${words.none}</p>`}${paging && html`<p class="note">${words.more}</p>`}`,
  });
}

function history({ standing, results }: Evidence, language: Language): Html {
  const words = evidenceWords(language);
  const nameOf = (id: string | undefined) => {
    if (id === undefined) return words.data;
    return id === 'all' ? words.all : (standing.find((each) => each.subscriptionTypeId === id)?.name[language] ?? id);
  };
  const heads = [words.at, words.what, words.kind, words.source, words.shown, words.basis];
  const rows = results.map(
    (entry) =>
      html`<tr><td>${timeOf(entry.at, language)}</td><td>${words.kinds[entry.kind]}</td><td>${nameOf(entry.subscriptionTypeId)}</td><td>${sourceText(entry.source, language)}</td><td>${lines(entry.shownText ?? '')}</td><td>${lines([entry.legalBasis, entry.legalBasisExplanation].filter(Boolean).join('\n'))}</td></tr>`,
  );
  return html`<table><caption>${words.history}</caption><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}

function sourceText({ kind, actor, ...source }: ConsentSource, language: Language): Html[] {
  const { sources, details } = evidenceWords(language);
  const named = { ...source, ...(actor && { actor: `${actor.kind} ${actor.id}` }) };
  const told = (Object.keys(details) as (keyof typeof details)[]).flatMap((key) => {
    const value = named[key];
    return value === undefined ? [] : [`${details[key]}: ${value}`];
  });
  return lines([sources[kind], ...told].join('\n'));
}
