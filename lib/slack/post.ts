import type { App } from '../core/app.ts';
import { CrmError, isUnavailable } from '../core/errors.ts';
import type { Step } from '../flows/action.ts';
import type { Output } from '../flows/facts.ts';
import { deliveryOrder, deliveryUuid, outcomeOf, outputOf } from '../outgoing/delivery.ts';
import type { Entry, Outcome } from '../outgoing/entry.ts';
import { type Order, sendOnce } from '../outgoing/entry-store.ts';
import { callOutside } from '../outgoing/request.ts';
import { deliveryListing } from '../table/keys.ts';
import { readSlackWebhook } from './settings.ts';

export const slackChannel = 'slack';

/** Posts a text to the connected channel, once for a step. */
export async function postToSlack(text: string, step: Step): Promise<Output> {
  const entry = await sendOnce(step.app, deliveryOrder(slackChannel, { text }, step), post);
  return outputOf(entry, 'The Slack post failed');
}

/** Sends a delivery that was released for it, whatever the flow does meanwhile: a person asked for it. */
export function resend(app: App, { pk, sk, id, content, origin, round }: Entry): Promise<Entry> {
  const order: Order = {
    key: { pk, sk },
    id,
    listing: deliveryListing(slackChannel),
    content,
    origin,
    round,
    afterCrash: 'SEND_AGAIN',
    guard: [],
  };
  return sendOnce(app, order, post);
}

/** Slack being down, slow or disconnected for now is no reason to lose a post: all that surely did not arrive is tried again. */
async function post({ id, content }: Entry): Promise<Outcome> {
  const url = await connectedWebhook();
  if (url instanceof Error) return { state: 'RETRY', reason: `the secret could not be read: ${url.name}` };
  if (url === undefined) return { state: 'FAILED', reason: 'Slack is not connected: PUT /integrations/v1/slack' };
  const body = JSON.stringify({ text: content.text, client_msg_id: deliveryUuid(slackChannel, id) });
  const result = await callOutside({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body,
  });
  return outcomeOf(result, { finalRefusals: false });
}

/** Nothing has gone out while the address is not known, so a busy Secrets Manager means a plain retry. */
async function connectedWebhook(): Promise<string | undefined | Error> {
  try {
    return await readSlackWebhook();
  } catch (error) {
    if (error instanceof Error && isUnavailable(error)) return error;
    throw error;
  }
}

export const deliveryNotFound = (id: string) =>
  new CrmError('OBJECT_NOT_FOUND', `No delivery with ID ${id} exists`, { context: { deliveryId: [id] } });
