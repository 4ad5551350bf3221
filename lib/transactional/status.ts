import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { Entry } from '../outgoing/entry.ts';
import { messageKey } from '../table/keys.ts';
import { type EmailSendStatus, type SendResult, sendResults } from './schema.ts';

const isResult = (text: string | undefined): text is SendResult => sendResults.some((result) => result === text);

/** What became of a mail, as HubSpot says it. */
export function statusOf({ id, state, reason, createdAt, updatedAt }: Entry): EmailSendStatus {
  const common = { statusId: id, requestedAt: createdAt, startedAt: createdAt };
  switch (state) {
    case 'SENDING':
    case 'UNKNOWN':
      return { ...common, status: 'PROCESSING' };
    case 'SENT':
      return { ...done(common, updatedAt), sendResult: 'SENT', eventId: { id, created: updatedAt } };
    case 'RETRY':
      return { ...done(common, updatedAt), sendResult: 'THROTTLED' };
    case 'FAILED':
      return { ...done(common, updatedAt), sendResult: isResult(reason) ? reason : 'MTA_IGNORE' };
  }
}

const done = <T extends object>(common: T, completedAt: string) => ({
  ...common,
  status: 'COMPLETE' as const,
  completedAt,
});

/** What became of a single send by now. @throws CrmError 404 */
export async function readStatus(app: App, statusId: string): Promise<EmailSendStatus> {
  const entry = await app.table.get(messageKey(statusId), Entry);
  // Mails of flows lie beside them; theirs is another ledger.
  if (!entry || entry.origin.flowId !== undefined)
    throw new CrmError('OBJECT_NOT_FOUND', `No email send with the status ID ${statusId} exists`);
  return statusOf(entry);
}
