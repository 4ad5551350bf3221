import { CrmError } from '../core/errors.ts';
import { exclusions } from './exclusion-reasons.ts';
import { totalNames } from './recipient.ts';
import type { Ledger, PublicSend, Send } from './schema.ts';

type Totals = Readonly<Record<string, number>>;

/** Whether somebody is left to whom the mail may still be sent. Mails of an unknown fate are not among them. */
export const hasWork = (totals: Totals): boolean => (totals.pending ?? 0) > (totals.unknown ?? 0);

function shownStatus(send: Send, totals: Totals, now: string): PublicSend['status'] {
  if (send.status !== 'CONFIRMED') return send.status;
  if (send.expandedAt) return hasWork(totals) ? 'SENDING' : 'COMPLETED';
  return send.scheduledAt !== undefined && send.scheduledAt > now ? 'SCHEDULED' : 'SENDING';
}

/** A send with its totals, as the API shows it. */
export function toPublicSend(send: Send, totals: Totals, now: string): PublicSend {
  const { version: _, expandedAt: __, ...shown } = send;
  return {
    ...shown,
    status: shownStatus(send, totals, now),
    ledger: Object.fromEntries(totalNames.map((name) => [name, totals[name] ?? 0])) as Ledger,
    excluded: exclusions.flatMap((reason) => {
      const count = totals[reason] ?? 0;
      return count > 0 ? [{ reason, count }] : [];
    }),
  };
}

type Decision = 'pause' | 'resume' | 'cancel';
const allowed: Readonly<Record<Decision, { from: readonly Send['status'][]; to: Send['status']; done: string }>> = {
  pause: { from: ['CONFIRMED'], to: 'PAUSED', done: 'paused' },
  resume: { from: ['PAUSED'], to: 'CONFIRMED', done: 'resumed' },
  cancel: { from: ['DRAFT', 'CONFIRMED', 'PAUSED'], to: 'CANCELLED', done: 'cancelled' },
};

/** The send after a person decided so; as it is when it was decided before. @throws CrmError 409 when its status does not allow it */
export function decided(send: Send, decision: Decision, now: string): Send {
  const { from, to, done } = allowed[decision];
  const repeated = send.status === to && send.confirmedAt !== undefined;
  if (repeated || (decision === 'cancel' && send.status === 'CANCELLED')) return send;
  if (!from.includes(send.status))
    throw new CrmError('CONFLICT', `A send that is ${send.status} cannot be ${done}`, {
      context: { status: [send.status] },
    });
  return { ...send, status: to, version: send.version + 1, updatedAt: now };
}
