import * as z from 'zod/mini';
import { isOutgoingUrl } from '../../outgoing/url.ts';
import { callWebhook } from '../../outgoing/webhook.ts';
import { defineAction, effect } from '../action.ts';
import { Value, valueNow } from '../values.ts';

/** HubSpot's WEBHOOK step: GET with parameters, or POST of the record, to an address of the user's. */
export const action = defineAction({
  typeId: 'webhook',
  name: 'call a webhook',
  fields: z.object({
    method: z._default(z.enum(['GET', 'POST']), 'POST'),
    webhookUrl: z.string().check(z.refine(isOutgoingUrl, 'must be an absolute https address without a password')),
    queryParams: z._default(z.array(z.object({ name: z.string().check(z.minLength(1)), value: Value })), []),
  }),
  plan: ({ method, webhookUrl, queryParams }, facts) => {
    const url = new URL(webhookUrl);
    for (const { name, value } of queryParams) url.searchParams.append(name, valueNow(value, facts) ?? '');
    const { objectType, id, properties } = facts.enrolled;
    const { portalId, flowId } = facts;
    const body =
      method === 'GET' ? undefined : { portalId, flowId, objectTypeId: objectType, objectId: id, properties };
    return effect({ method, url: url.href, ...(body && { body: JSON.stringify(body) }) });
  },
  run: (request, step) => callWebhook(request, step),
});
