import { EmailClicked, EmailOpened, EmailScanned } from '../../events/email.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { changeSteps, findRecipient } from '../sends/ledger.ts';
import { type Change, engaged, type Recipient } from '../sends/recipient.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { mailHitsKey } from '../table/send-keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import type { Evidence, Hit, Moments } from './evidence.ts';
import type { ClickClaims } from './links.ts';
import { isFlooded, MailHits, momentsFor, noHits, type Verdict, whenDelivered, withHit } from './mail-hits.ts';

const keptDays = 400;

type Of = Pick<ClickClaims, 'sendId' | 'contactId'> & { readonly url?: string | undefined };

/**
 * Counts an opening or a click: for the mail's ledger row and totals if a person did it, apart if a program did. Hits that were taken for a
 * person's before are taken back when this one shows otherwise. One transaction; nothing for a mail that is not in the ledger or whose
 * person was erased. Returns what shows that a program did it; undefined when nothing was written.
 */
export function noteHit(app: App, { sendId, contactId, url }: Of, hit: Hit): Promise<readonly Evidence[] | undefined> {
  return contend(async () => {
    const [row, stored = noHits(sendId, contactId)] = await Promise.all([
      findRecipient(app, contactId, sendId),
      app.table.get(mailHitsKey(contactId, sendId), MailHits),
    ]);
    if (!row || row.email === '' || isFlooded(stored, hit.at)) return undefined;
    const verdict = withHit(stored, hit, row.deliveredAt);
    await commitOrThrow(app.table, [
      hitsStep(app, stored, verdict.hits),
      ...rowSteps(row, engaged(row, momentsFor(row, verdict.hits, verdict.moments), app.now())),
      ...toldSteps(app, row, { hit, url, evidence: verdict.evidence }),
      ...withdrawnSteps(app, row, verdict.withdrawn),
    ]);
    return verdict.evidence;
  });
}

function hitsStep(app: App, { version }: MailHits, hits: MailHits): Step {
  const { contactId, sendId } = hits;
  const expiresAt = Math.floor(Date.parse(app.now()) / 1000) + keptDays * 86_400;
  const put = { ...mailHitsKey(contactId, sendId), entity: 'mail-hits', ...hits, expiresAt };
  return orStale({ put, when: version === 0 ? absent : versionIs(version) });
}

const still = ({ openedAt, clickedAt, scannedAt, deliveredAt }: Recipient) => ({
  openedAt,
  clickedAt,
  scannedAt,
  deliveredAt,
});

/** The row is written when something about it changes; otherwise it need only be as it was read. */
function rowSteps(row: Recipient, change: Change): Step[] {
  const names = ['state', 'openedAt', 'clickedAt', 'scannedAt'] as const;
  return names.some((name) => row[name] !== change.after[name]) ? changeSteps(change, still(row)) : [];
}

type Told = { readonly hit: Hit; readonly url: string | undefined; readonly evidence: readonly Evidence[] };

const detailOf = (app: App, { contactId, sendId }: Recipient) => ({
  ...envelopeOf(app, { objectType: '0-1', id: contactId }),
  messageKey: `${sendId}-${contactId}`,
  sendId,
});

function toldSteps(app: App, row: Recipient, { hit, url, evidence }: Told): Step[] {
  const detail = {
    ...detailOf(app, row),
    ...(evidence.length > 0 && { scanner: true, evidence: [...evidence] }),
  };
  if (hit.kind === 'TRAP') return [];
  const event =
    hit.kind === 'OPEN'
      ? EmailOpened.of(detail)
      : EmailClicked.of({ ...detail, ...(url !== undefined && { url, reason: url.slice(0, 1000) }) });
  return [orStale(appendEvent(event))];
}

function withdrawnSteps(app: App, row: Recipient, { opens, clicks, evidence }: Verdict['withdrawn']): Step[] {
  if (opens + clicks === 0) return [];
  return [orStale(appendEvent(EmailScanned.of({ ...detailOf(app, row), opens, clicks, evidence: [...evidence] })))];
}

/** What becomes of a mail's openings and clicks when its delivery is told after them: nothing for nearly every mail. */
export async function onDelivery(
  app: App,
  row: Recipient,
  deliveredAt: string,
): Promise<{ readonly moments: Moments; readonly steps: readonly Step[] } | undefined> {
  if (row.openedAt === undefined && row.clickedAt === undefined) return undefined;
  const stored = await app.table.get(mailHitsKey(row.contactId, row.sendId), MailHits);
  if (!stored) return undefined;
  const { moments, withdrawn } = whenDelivered(stored, deliveredAt);
  return { moments: momentsFor(row, stored, moments), steps: withdrawnSteps(app, row, withdrawn) };
}
