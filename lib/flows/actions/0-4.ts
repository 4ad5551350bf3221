import * as z from 'zod/mini';
import { isAddress } from '../../mail/address.ts';
import { isHtml } from '../../mail/compose.ts';
import { sendFlowMail } from '../../mail/send.ts';
import { defineAction, effect, nothing } from '../action.ts';
import { htmlText, plain, render } from '../tokens.ts';
import { Target, targetNow } from '../values.ts';

/** Send a mail of its own `{subject, body}` to the contact: the enrolled one, or the one that an earlier action made. */
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
  run: ({ to, subject, body, record }, step) => sendFlowMail({ to: [to], subject, body }, record, step),
});
