import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { EmailSendStatus, SingleSendInput } from '../../lib/transactional/schema.ts';

/** Values may be long; an e-mail is rendered and handed to SES within the request. */
const sending = {
  body: SingleSendInput,
  status: 200,
  output: EmailSendStatus,
  uses: ['table:read', 'table:write', 'mail:send', 'secret:link-keys:read', 'public-url'],
  repeatable: true,
} as const;

export const transactional = operations('transactional', {
  sendTransactional: {
    route: 'POST /marketing/v3/transactional/single-email/send',
    summary: 'Send an e-mail that somebody asked for by what they did, whatever they chose about other mail',
    scope: 'transactional-email',
    ...sending,
  },
  sendMarketing: {
    route: 'POST /marketing/v4/email/single-send',
    summary: 'Send a marketing e-mail to one address, if it may get its kind of mail',
    scope: 'marketing-email',
    ...sending,
  },
  getStatus: {
    route: 'GET /marketing/v3/email/send-statuses/{statusId}',
    summary: 'What became of a single send',
    scope: 'transactional-email',
    path: z.object({ statusId: z.string() }),
    status: 200,
    output: EmailSendStatus,
    uses: ['table:read'],
  },
});
