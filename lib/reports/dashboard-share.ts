import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { publicUrl, readLink, signLink } from '../links/link.ts';
import { readDashboard } from './dashboard-store.ts';

/** What a link to a dashboard says. */
const DashboardClaims = z.object({ dashboardId: z.string() });

const longestShareMs = 366 * 86_400_000;

/** A link that shows a dashboard to whoever holds it, until a time within a year. @throws CrmError 400, 404 */
export async function shareDashboard(app: App, id: string, expiresAt: string) {
  await readDashboard(app, id);
  const until = Date.parse(expiresAt);
  const now = Date.parse(app.now());
  if (!(until > now && until <= now + longestShareMs))
    throw new CrmError(
      'VALIDATION_ERROR',
      'expiresAt: must be a time within the next year, such as 2027-03-31T15:00:00Z',
    );
  const end = new Date(until).toISOString();
  const token = await signLink('dashboard', { dashboardId: id }, end);
  return { url: `${publicUrl()}/d/${id}?token=${token}`, expiresAt: end };
}

/** Whether a link opens this dashboard; otherwise why not. */
export async function opens(token: string, dashboardId: string): Promise<'OPEN' | 'INVALID' | 'EXPIRED'> {
  const link = await readLink('dashboard', token, DashboardClaims);
  if ('refused' in link) return link.refused;
  return link.claims.dashboardId === dashboardId ? 'OPEN' : 'INVALID';
}
