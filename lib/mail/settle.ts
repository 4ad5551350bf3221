import type { App } from '../core/app.ts';
import { Entry } from '../outgoing/entry.ts';
import { present } from '../table/conditions.ts';
import { appendEvent } from '../table/event-log.ts';
import { messageEventKey, messageKey } from '../table/keys.ts';
import { AlreadyDone } from '../table/once.ts';
import { commitOrThrow, onceStep, orStale } from '../table/steps.ts';
import { messageOf, type SesEvent, settlementOf } from './ses-event.ts';

/**
 * Writes what SES told about a message into the ledger and into the log of the record that it is about, each event of SES once.
 * Whatever SES reports about a message proves that it took it: so a send whose answer was lost is settled here.
 */
export async function settleMail(app: App, event: SesEvent): Promise<void> {
  const id = messageOf(event);
  const settlement = settlementOf(event);
  if (id === undefined || !settlement) return;
  const entry = await app.table.get(messageKey(id), Entry);
  if (!entry) return;
  const { objectType, recordId, cause } = entry.origin;
  const { mail } = event.detail;
  const told = settlement.event.of({
    id: app.newEventId(),
    objectType,
    recordId,
    occurredAt: app.now(),
    actor: app.actor,
    cause,
    messageKey: id,
    ...(mail.destination && { to: mail.destination.join(', ') }),
    ...(settlement.reason !== undefined && { reason: settlement.reason }),
  });
  const set = {
    // A rejection is the last word, even when the news of the sending comes after it.
    state: entry.state === 'FAILED' ? entry.state : settlement.state,
    [settlement.moment]: event.time,
    updatedAt: app.now(),
    ...(mail.messageId !== undefined && { reference: mail.messageId }),
    ...(settlement.state === 'FAILED' && { reason: settlement.reason }),
  };
  try {
    await commitOrThrow(app.table, [
      onceStep({ ...messageEventKey(id, event.id), entity: 'message-event', type: event.detail.eventType }),
      orStale({ update: messageKey(id), set, when: present }),
      orStale(appendEvent(told)),
    ]);
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error;
  }
}
