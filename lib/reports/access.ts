import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { requireScope } from '../core/scopes.ts';
import { readToken } from '../core/token.ts';
import { opens } from './dashboard-share.ts';

/** Whether a visitor may see a dashboard: by its signed link, or by an access token for reports. */
export async function mayOpen(
  app: App,
  dashboardId: string,
  { link, authorization }: { readonly link: string | undefined; readonly authorization: string | undefined },
): Promise<'OPEN' | 'INVALID' | 'EXPIRED'> {
  if (link) return opens(link, dashboardId);
  try {
    requireScope(await readToken(app.table, authorization), 'reports');
    return 'OPEN';
  } catch (error) {
    if (error instanceof CrmError) return 'INVALID';
    throw error;
  }
}
