import type { App } from '../core/app.ts';
import { onDelivery } from '../engagement/store.ts';
import { type SesEvent, type Settlement, settlementOf, troubleOf } from '../mail/ses-event.ts';
import { troubleSteps } from '../subscriptions/trouble.ts';
import { contend } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { recipientEventKey } from '../table/keys.ts';
import { AlreadyDone } from '../table/once.ts';
import { commitOrThrow, onceStep, orStale, type Step } from '../table/steps.ts';
import { changeSteps, findRecipient } from './ledger.ts';
import { engaged, followedBy, type LedgerMoment, type Recipient, told } from './recipient.ts';
import type { Send } from './schema.ts';
import { findSend } from './send-store.ts';

type Named = { readonly sendId: string; readonly contactId: string };

/**
 * Writes what SES told about a mail of a send into its ledger row and totals and into the contact's log, each event once, in any order.
 * A mail whose fate was not known is accepted by it: SES reports on what it took.
 */
export async function settleRecipient(app: App, { sendId, contactId }: Named, event: SesEvent): Promise<void> {
  const settlement = settlementOf(event);
  if (!settlement) return;
  try {
    await contend(async () => {
      const row = await findRecipient(app, contactId, sendId);
      if (row) await commitOrThrow(app.table, await stepsOf(app, row, { event, settlement }));
    });
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error;
  }
}

type News = { readonly event: SesEvent; readonly settlement: Settlement };
type Told = News & { readonly send: Send | undefined };

async function stepsOf(app: App, row: Recipient, { event, settlement }: News): Promise<Step[]> {
  const moment = settlement.moment as LedgerMoment;
  const once = onceSteps(row, event, moment);
  const news = { moment, rejected: settlement.state === 'FAILED', at: event.time, reason: settlement.reason };
  const bad = troubleOf(event);
  // The projector counts whom a survey has invited by the event that says that the mail went out.
  const send = moment === 'sentAt' ? await findSend(app, row.sendId) : undefined;
  const change = told(row, withoutUndefined(news), app.now());
  const late = moment === 'deliveredAt' ? await onDelivery(app, row, event.time) : undefined;
  return [
    ...once.steps,
    ...changeSteps(late ? followedBy(change, engaged(change.after, late.moments, app.now())) : change, {
      ...once.still,
      ...(moment === 'deliveredAt' && { openedAt: row.openedAt, clickedAt: row.clickedAt, scannedAt: row.scannedAt }),
    }),
    ...(late?.steps ?? []),
    orStale(appendEvent(eventOf(app, row, { event, settlement, send }))),
    ...(bad ? await troubleSteps(app, [row.email], bad.trouble) : []),
  ];
}

const withoutUndefined = <T extends { readonly reason?: string | undefined }>({ reason, ...rest }: T) => ({
  ...rest,
  ...(reason !== undefined && { reason }),
});

/**
 * SES sends a mail once and delivers it once: the row's own moment is the mark. All else may happen several times to a mail, so that each
 * event leaves a mark of its own.
 */
function onceSteps(row: Recipient, event: SesEvent, moment: LedgerMoment) {
  if (moment === 'sentAt' || moment === 'deliveredAt') {
    if (row[moment] !== undefined) throw new AlreadyDone(recipientEventKey(row.contactId, row.sendId, event.id));
    return { steps: [], still: { [moment]: undefined } };
  }
  const mark = { ...recipientEventKey(row.contactId, row.sendId, event.id), entity: 'recipient-event' };
  return { steps: [onceStep(mark)], still: { [moment]: row[moment] } };
}

const eventOf = (app: App, row: Recipient, { event, settlement, send }: Told) =>
  settlement.event.of({
    id: app.newEventId(),
    objectType: '0-1',
    recordId: row.contactId,
    occurredAt: app.now(),
    actor: app.actor,
    cause: [...app.cause],
    messageKey: `${row.sendId}-${row.contactId}`,
    sendId: row.sendId,
    ...(send?.surveyId !== undefined && { surveyId: send.surveyId }),
    ...(send?.parentSendId !== undefined && { reminds: true }),
    to: event.detail.mail.destination?.join(', ') ?? row.email,
    ...(settlement.reason !== undefined && { reason: settlement.reason }),
  });
