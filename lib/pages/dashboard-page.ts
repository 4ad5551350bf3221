import type { Reply } from '../core/handle.ts';
import type { Dashboard } from '../reports/dashboard.ts';
import type { Tile } from '../reports/dashboard-view.ts';
import type { Range } from '../reports/data.ts';
import { dashboardStyle } from './dashboard-style.ts';
import { tileHtml } from './dashboard-tile.ts';
import { dashboardWords } from './dashboard-words.ts';
import { attributes, type Html, html } from './html.ts';
import { pageReply } from './layout.ts';
import type { Language } from './words.ts';

export type DashboardPage = {
  readonly dashboard: Dashboard;
  readonly tiles: readonly Tile[];
  readonly language: Language;
  readonly period: Range;
  /** The signed link's, so that a change of the period keeps it. */
  readonly token: string | undefined;
  readonly now: string;
};

/** A dashboard with its charts and tables. No script: the period is an ordinary form. */
export function dashboardPage(page: DashboardPage): Reply {
  const { dashboard, tiles, language } = page;
  const words = dashboardWords(language);
  const time = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'Asia/Tokyo',
  }).format(new Date(page.now));
  const shown = tiles.map((tile, position) => tilePart(tile, position, language));
  return pageReply({
    title: dashboard.name,
    language,
    style: dashboardStyle,
    framedBy: "'none'",
    formAction: "'self'",
    body: html`<h1>${dashboard.name}</h1>${periodForm(page)}${tiles.length === 0 ? html`<p>${words.noTiles}</p>` : html`<div class="tiles">${shown}</div>`}<p class="note">${words.asOf(time)}</p>`,
  });
}

function tilePart({ width, shown }: Tile, position: number, language: Language): Html {
  if (shown) return tileHtml({ ...shown, width, position }, language);
  return html`<section class="tile w${width}"><p class="note">${dashboardWords(language).gone}</p></section>`;
}

function periodForm({ dashboard, language, period, token }: DashboardPage): Html {
  const words = dashboardWords(language);
  const day = (name: 'from' | 'to', label: string) =>
    html`<div><label for="${name}">${label}</label><input type="date"${attributes({ id: name, name, value: period[name] })}></div>`;
  const kept = [
    ['lang', language],
    ['token', token],
  ].flatMap(([name, value]) => (value ? [html`<input type="hidden"${attributes({ name, value })}>`] : []));
  return html`<form${attributes({ class: 'period', method: 'get', action: `/d/${dashboard.id}`, 'aria-label': words.period })}>${kept}${day('from', words.from)}${day('to', words.to)}<button type="submit">${words.show}</button></form>`;
}

/** The page for somebody without a link, or with one whose time is over: it says how to get one. */
export function closedPage(language: Language, refused: 'INVALID' | 'EXPIRED' | undefined): Reply {
  const words = dashboardWords(language);
  const title = refused === 'EXPIRED' ? words.expired : words.closed;
  return pageReply({
    title,
    language,
    status: 401,
    framedBy: "'none'",
    body: html`<h1>${title}</h1><p>${words.closedHint}</p>`,
  });
}

/** The page for a dashboard that is not there, or a period that is none. */
export function troublePage(language: Language, status: 400 | 404, title: string): Reply {
  const { badPeriod, notThere } = dashboardWords(language);
  const text = status === 404 ? notThere : badPeriod;
  return pageReply({ title, language, status, framedBy: "'none'", body: html`<h1>${title}</h1><p>${text}</p>` });
}
