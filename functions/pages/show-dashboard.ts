import { handle } from '../../lib/core/handle.ts';
import { orBusyPage } from '../../lib/pages/busy.ts';
import { showDashboard } from '../../lib/pages/hosted-dashboard.ts';
import { languageOf } from '../../lib/pages/layout.ts';
import { pages } from './operations.ts';

export const handler = handle(pages.showDashboard, ({ path, query, request }, app) =>
  orBusyPage(languageOf(request, query.lang, 'ja'), () => showDashboard(app, path.dashboardId, query, request)),
);
