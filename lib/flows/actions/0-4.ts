import * as z from 'zod/mini';
import { isAddress } from '../../mail/address.ts';
import { isHtml } from '../../mail/compose.ts';
import { sendFlowMail, wasBegun } from '../../mail/send.ts';
import { barrierOf } from '../../subscriptions/store.ts';
import type { RecordRef } from '../../table/keys.ts';
import { defineAction, effect, nothing } from '../action.ts';
import { sendEmailOf } from '../marketing-mail.ts';
import { htmlText, plain, render } from '../tokens.ts';
import { Target, targetNow } from '../values.ts';

const Fields = z
  .object({
    /** A published e-mail, by its id. */
    content_id: z.optional(z.union([z.string().check(z.regex(/^\d{1,20}$/, 'must be an id')), z.int()])),
    subject: z.optional(z.string().check(z.minLength(1), z.maxLength(1000))),
    body: z.optional(z.string().check(z.minLength(1))),
    target: Target,
  })
  .check((context) => {
    const { content_id, subject, body } = context.value;
    if (content_id !== undefined) return;
    for (const [name, value] of Object.entries({ subject, body })) {
      if (value !== undefined) continue;
      const message = `${name} is required, or content_id`;
      context.issues.push({ code: 'custom', path: [name], message, input: context.value });
    }
  });

type Input = { readonly record: RecordRef } & (
  | { readonly emailId: string }
  | { readonly to: string; readonly subject: string; readonly body: string }
);

/**
 * Send a marketing e-mail `{content_id}` to the contact, or to the contacts of another record; or a mail of the flow's own `{subject, body}` to
 * the record's address. The record is the enrolled one, or the one that an earlier action made. No mail goes to an address that bounced or
 * complained, that does not want it, or that has had enough of late; the step's output says so.
 */
export const action = defineAction({
  typeId: '0-4',
  name: 'send e-mail',
  fields: Fields,
  plan: ({ content_id, subject = '', body = '', target }, facts) => {
    const { objectType, id, properties } = targetNow(target, facts);
    const record = { objectType, id };
    if (content_id !== undefined) return effect<Input>({ record, emailId: String(content_id) });
    const to = properties.email;
    if (!to || !isAddress(to)) return nothing('the record has no e-mail address');
    const safely = isHtml(body) ? htmlText : plain;
    return effect<Input>({ to, subject: render(subject, facts), body: render(body, facts, safely), record });
  },
  run: async (input: Input, step) => {
    const { record } = input;
    if ('emailId' in input) return sendEmailOf(input, step);
    const { to, subject, body } = input;
    const barrier = await barrierOf(step.app, to);
    // Once it was sent, what is known of the address since then changes nothing: the ledger says what became of it.
    if (barrier && !(await wasBegun(step))) return { to: [to], skipped: barrier };
    const contact = record.objectType === '0-1' && { contactId: record.id };
    return sendFlowMail({ to: [to], subject, body, ...contact }, record, step);
  },
});
