import type { App } from '../core/app.ts';
import { requiredScope, requireScope } from '../core/scopes.ts';
import { readToken } from '../core/token.ts';

/** Who sees the records behind a figure must be allowed to read records of that type. @throws CrmError 403 */
export async function requireRecordScope(app: App, authorization: string | undefined, objectType: string) {
  requireScope(
    await readToken(app.table, authorization),
    requiredScope('crm.objects.{objectType}.read', { objectType }),
  );
}
