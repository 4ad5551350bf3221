import * as z from 'zod/mini';
import { isAddress } from '../../mail/address.ts';
import { isHtml } from '../../mail/compose.ts';
import { sendFlowMail, wasBegun } from '../../mail/send.ts';
import { barrierOf } from '../../subscriptions/store.ts';
import { defineAction, effect, nothing } from '../action.ts';
import { htmlText, plain, render } from '../tokens.ts';
import { Target, targetNow } from '../values.ts';

/**
 * Send a mail of its own `{subject, body}` to the contact: the enrolled one, or the one that an earlier action made. None goes to an address
 * that bounced, complained, or wants no mail at all; the step's output says so.
 */
export const action = defineAction({
  typeId: '0-4',
  name: 'send e-mail',
  fields: z.object({
    subject: z.string().check(z.minLength(1), z.maxLength(1000)),
    body: z.string().check(z.minLength(1)),
    target: Target,
  }),
  plan: ({ subject, body, target }, facts) => {
    const { objectType, id, properties } = targetNow(target, facts);
    const to = properties.email;
    if (!to || !isAddress(to)) return nothing('the record has no e-mail address');
    const safely = isHtml(body) ? htmlText : plain;
    return effect({
      to,
      subject: render(subject, facts),
      body: render(body, facts, safely),
      record: { objectType, id },
    });
  },
  run: async ({ to, subject, body, record }, step) => {
    const barrier = await barrierOf(step.app, to);
    // Once it was sent, what is known of the address since then changes nothing: the ledger says what became of it.
    if (barrier && !(await wasBegun(step))) return { to: [to], skipped: barrier };
    const contact = record.objectType === '0-1' && { contactId: record.id };
    return sendFlowMail({ to: [to], subject, body, ...contact }, record, step);
  },
});
