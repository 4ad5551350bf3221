import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { requiredScope, requireScope } from '../core/scopes.ts';
import { readToken } from '../core/token.ts';
import { opens } from './dashboard-share.ts';

/** Who sees the records behind a figure must be allowed to read records of that type. @throws CrmError 403 */
export async function requireRecordScope(app: App, authorization: string | undefined, objectType: string) {
  requireScope(
    await readToken(app.table, authorization),
    requiredScope('crm.objects.{objectType}.read', { objectType }),
  );
}

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
