import { createHash } from 'node:crypto';
import { CrmError } from '../core/errors.ts';
import type { Step } from '../flows/action.ts';
import type { Output } from '../flows/facts.ts';
import { deliveryKey, deliveryListing } from '../table/keys.ts';
import type { Entry, Origin, Outcome } from './entry.ts';
import type { Order } from './entry-store.ts';
import type { OutgoingResult } from './request.ts';

/** The UUID that a delivery carries on every try, by which a receiver that knows it drops the second. */
export function deliveryUuid(channel: string, id: string): string {
  const hex = createHash('sha256').update(`${channel}#${id}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(18, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

export const originOf = ({ flowId, runId, actionId, enrolled, app }: Step): Origin => ({
  flowId,
  runId,
  actionId,
  objectType: enrolled.objectType,
  recordId: enrolled.id,
  cause: [...app.cause],
});

/** The order of a step's delivery: receivers drop a repeat by its id, so a dead sender's delivery is sent again. */
export const deliveryOrder = (channel: string, content: Order['content'], step: Step): Order => ({
  key: deliveryKey(channel, step.key),
  id: step.key,
  listing: deliveryListing(channel),
  content,
  origin: originOf(step),
  round: step.round,
  afterCrash: 'SEND_AGAIN',
  guard: step.guard,
});

/** What an answer means. Where `finalRefusals` is set, a 3xx or 4xx is the receiver's last word. */
export function outcomeOf(result: OutgoingResult, { finalRefusals }: { finalRefusals: boolean }): Outcome {
  switch (result.kind) {
    case 'refused':
      return { state: 'FAILED', reason: result.reason };
    case 'not-sent':
      return { state: 'RETRY', reason: result.reason };
    case 'unknown':
      return { state: 'UNKNOWN', reason: result.reason };
    case 'answer':
      return outcomeOfAnswer(result, finalRefusals);
  }
}

function outcomeOfAnswer(
  { status, retryAfter, body }: Extract<OutgoingResult, { kind: 'answer' }>,
  finalRefusals: boolean,
): Outcome {
  if (status >= 200 && status < 300) return { state: 'SENT', reference: String(status) };
  const reason = `answered ${status}${body ? `: ${body.slice(0, 200)}` : ''}`;
  const final = finalRefusals && status < 500 && status !== 408 && status !== 429;
  if (final) return { state: 'FAILED', reason };
  return { state: 'RETRY', reason, ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }) };
}

/** What later steps and the reader of the run learn of a delivery. @throws CrmError when it failed for good */
export function outputOf({ id, state, reason, reference }: Entry, what: string): Output {
  if (state === 'FAILED') throw new CrmError('VALIDATION_ERROR', `${what}: ${reason ?? 'it was refused'}`);
  return {
    deliveryId: id,
    state,
    ...(reference !== undefined && { reference }),
    ...(reason !== undefined && { reason }),
  };
}
