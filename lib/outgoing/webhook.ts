import type { Step } from '../flows/action.ts';
import type { Output } from '../flows/facts.ts';
import { deliveryOrder, deliveryUuid, outcomeOf, outputOf } from './delivery.ts';
import { sendOnce } from './entry-store.ts';
import { callOutside, type OutgoingRequest } from './request.ts';

const channel = 'webhook';

/** Calls a webhook once; every try carries the same `Idempotency-Key`. A 4xx other than 408 and 429 is final. */
export async function callWebhook(request: Omit<OutgoingRequest, 'headers'>, step: Step): Promise<Output> {
  const { method, url } = request;
  const headers = {
    'user-agent': 'Tsunagi',
    accept: 'application/json',
    'idempotency-key': deliveryUuid(channel, step.key),
    ...(request.body !== undefined && { 'content-type': 'application/json' }),
  };
  const entry = await sendOnce(step.app, deliveryOrder(channel, { method, url }, step), async () =>
    outcomeOf(await callOutside({ ...request, headers }), { finalRefusals: true }),
  );
  return outputOf(entry, 'The webhook failed');
}
