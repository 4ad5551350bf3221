import type { App } from '../core/app.ts';
import type { Reply, RequestFacts } from '../core/handle.ts';
import { mayOpen } from '../reports/access.ts';
import { findDashboard } from '../reports/dashboard-store.ts';
import { readTiles } from '../reports/dashboard-view.ts';
import { Day } from '../reports/query.ts';
import { closedPage, dashboardPage, troublePage } from './dashboard-page.ts';
import { dashboardWords } from './dashboard-words.ts';
import { languageOf } from './layout.ts';
import { wordsOf } from './words.ts';

type Query = Readonly<Record<string, string>>;

/**
 * The page of a dashboard for whoever holds its link or a token for reports; a page that says how to get one for everybody else, also
 * when there is no such dashboard, so that ids cannot be tried out.
 */
export async function showDashboard(app: App, id: string, query: Query, request: RequestFacts): Promise<Reply> {
  const language = languageOf(request, query.lang, 'ja');
  const { authorization } = request.headers;
  const access = await mayOpen(app, id, { link: query.token, authorization });
  if (access !== 'OPEN') return closedPage(language, access);
  const dashboard = await findDashboard(app, id);
  if (!dashboard) return troublePage(language, 404, wordsOf(language).notFound);
  const [from, to] = [dayOf(query.from), dayOf(query.to)];
  if (from === null || to === null || (from && to && from > to)) {
    return troublePage(language, 400, dashboardWords(language).badPeriod);
  }
  const period = { from, to };
  const tiles = await readTiles(app, dashboard, period, language);
  return dashboardPage({ dashboard, tiles, language, period, token: query.token, now: app.now() });
}

/** Nothing for an empty box, null for what is no day. */
const dayOf = (text: string | undefined): string | undefined | null =>
  text ? (Day.safeParse(text).data ?? null) : undefined;
