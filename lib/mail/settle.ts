import { settleThreadMessage, threadMessageOf } from '../conversations/settle.ts';
import type { App } from '../core/app.ts';
import { Entry } from '../outgoing/entry.ts';
import { settleRecipient } from '../sends/settle.ts';
import { troubleSteps } from '../subscriptions/trouble.ts';
import { attributes } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { messageEventKey, messageKey } from '../table/keys.ts';
import { AlreadyDone } from '../table/once.ts';
import { commitOrThrow, onceStep, orStale, type Step } from '../table/steps.ts';
import { messageOf, recipientOf, type SesEvent, type Settlement, settlementOf, troubleOf } from './ses-event.ts';

/** Writes down what SES told about a mail, of a flow, of a bulk send or of a thread. */
export function settle(app: App, event: SesEvent): Promise<void> {
  const recipient = recipientOf(event);
  const message = threadMessageOf(event);
  if (message) return settleThreadMessage(app, message, event);
  return recipient ? settleRecipient(app, recipient, event) : settleMail(app, event);
}

/**
 * Writes what SES told about a message into the ledger and into the log of the record that it is about, each event of SES once.
 * Whatever SES reports about a message proves that it took it: so a send whose answer was lost is settled here.
 */
async function settleMail(app: App, event: SesEvent): Promise<void> {
  const id = messageOf(event);
  const settlement = settlementOf(event);
  if (id === undefined || !settlement) return;
  try {
    await contend(async () => {
      const entry = await app.table.get(messageKey(id), Entry);
      if (!entry) return;
      const steps = stepsOf(app, { id, entry, event, settlement });
      const bad = troubleOf(event);
      const noted = bad ? await troubleSteps(app, bad.addresses, bad.trouble) : [];
      await commitOrThrow(app.table, [...steps, ...noted]);
    });
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error;
  }
}

type Told = {
  readonly id: string;
  readonly entry: Entry;
  readonly event: SesEvent;
  readonly settlement: Settlement;
};

function stepsOf(app: App, { id, entry, event, settlement }: Told): Step[] {
  const { objectType, recordId, cause } = entry.origin;
  const { mail, eventType } = event.detail;
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
  return [
    onceStep({ ...messageEventKey(id, event.id), entity: 'message-event', type: eventType }),
    orStale({ update: messageKey(id), set, when: attributes({ state: entry.state }) }),
    orStale(appendEvent(told)),
  ];
}
