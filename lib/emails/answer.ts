import type { App } from '../core/app.ts';
import { inParallel } from '../table/in-parallel.ts';
import { toPublicEmail, withOnly } from './public.ts';
import type { PublicEmail, StoredEmail } from './schema.ts';
import { statisticsFor } from './statistics-store.ts';

export type Wanted = {
  readonly includeStats: boolean;
  readonly variantStats: boolean;
  readonly includedProperties?: readonly string[] | undefined;
};

const readsAtOnce = 10;

/** The e-mails as they were asked for. Statistics cost a query for each send. */
export const shownEmails = (app: App, emails: readonly StoredEmail[], wanted: Wanted): Promise<PublicEmail[]> =>
  inParallel(emails, readsAtOnce, async (email) => {
    const stats = wanted.includeStats ? await statisticsFor(app, email, { variants: wanted.variantStats }) : undefined;
    const names = wanted.includedProperties;
    return withOnly(toPublicEmail(email, { now: app.now(), stats }), names && [...names, ...(stats ? ['stats'] : [])]);
  });

export async function shownEmail(app: App, email: StoredEmail, wanted: Wanted): Promise<PublicEmail> {
  const [shown] = await shownEmails(app, [email], wanted);
  return shown ?? toPublicEmail(email, { now: app.now() });
}
