import { mailSender, sendRawMail } from '../aws/mail.ts';
import type { App } from '../core/app.ts';
import { unavailable } from '../core/errors.ts';
import { mayAccess } from '../core/scopes.ts';
import { compose } from '../mail/compose.ts';
import { readUser } from '../users/store.ts';
import { nearLimits } from './near-limits.ts';

type Near = Awaited<ReturnType<typeof nearLimits>>[number];

const subject = '関連付けの上限に近いレコード / Records near their association limits';

/**
 * Mails a user the records, of types that the token may read, that have used at least 80 % of a limit of associations. A mail whose fate is not known is not sent again.
 * @throws CrmError 404 for an unknown user, 503 when the mail could not be given to SES
 */
export async function mailUsageReport(app: App, userId: string) {
  const user = await readUser(app, { userId, idProperty: 'USER_ID' });
  const body = reportText(await nearLimits(app, ({ fromObjectType }) => mayAccess(app, fromObjectType, 'read')));
  const raw = await compose({ from: mailSender(), to: [user.email], subject, body }, app.newEventId());
  const outcome = await sendRawMail(raw, [user.email]);
  if (outcome.state === 'RETRY' || outcome.state === 'FAILED') throw unavailable();
  return { userEmail: user.email, userId: Number(user.id), enqueueTime: app.now() };
}

function reportText(all: readonly Near[]): string {
  const lines = all.flatMap(({ limit, records }) =>
    records.map(
      ({ label, objectId, usage }) =>
        `${limit.fromObjectType} ${label} (${objectId}) → ${limit.toObjectType}: ${usage} / ${limit.maxToObjectIds}`,
    ),
  );
  if (lines.length === 0)
    return '上限の80%に達したレコードはありません。\nNo record has used 80 % of a limit of associations.';
  return [
    '次のレコードは、関連付けの上限の80%以上を使っています。',
    'These records have used at least 80 % of a limit of associations.',
    '',
    ...lines,
  ].join('\n');
}
