import * as z from 'zod/mini';
import { operations, workers } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';
import { PublicRecipient } from '../../lib/sends/read.ts';
import { listedStates } from '../../lib/sends/recipient.ts';
import { PublicSend, SendInput } from '../../lib/sends/schema.ts';

const path = z.object({ sendId: z.string() });
const scope = 'marketing-email';

export const sends = operations('sends', {
  create: {
    route: 'POST /marketing/v1/sends',
    summary: 'Prepare a mail to many contacts; nothing is sent before it is confirmed',
    scope,
    body: SendInput,
    status: 201,
    output: PublicSend,
    uses: ['table:read', 'table:write'],
  },
  list: {
    route: 'GET /marketing/v1/sends',
    summary: 'Sends with their ledgers, newest first',
    scope,
    query: z.object({ after: z.optional(cursor), limit: limitOf(20, 100) }),
    status: 200,
    output: z.object({ results: z.array(PublicSend), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  get: {
    route: 'GET /marketing/v1/sends/{sendId}',
    summary: 'The status of a send, its ledger, and who was left out for which reason',
    scope,
    path,
    status: 200,
    output: PublicSend,
    uses: ['table:read'],
  },
  confirm: {
    route: 'POST /marketing/v1/sends/{sendId}/confirm',
    summary: 'Set a send on its way, now or at its time',
    scope,
    path,
    status: 202,
    output: z.object({ jobId: z.string() }),
    uses: ['table:read', 'table:write', 'queue:jobs'],
  },
  pause: {
    route: 'POST /marketing/v1/sends/{sendId}/pause',
    summary: 'Stop a send for now; what is pending stays pending',
    scope,
    path,
    status: 200,
    output: PublicSend,
    uses: ['table:read', 'table:write'],
  },
  resume: {
    route: 'POST /marketing/v1/sends/{sendId}/resume',
    summary: 'Let a paused send go on',
    scope,
    path,
    status: 200,
    output: PublicSend,
    uses: ['table:read', 'table:write', 'queue:jobs'],
  },
  cancel: {
    route: 'POST /marketing/v1/sends/{sendId}/cancel',
    summary: 'Stop a send for good; what is pending is cancelled',
    scope,
    path,
    status: 200,
    output: PublicSend,
    uses: ['table:read', 'table:write', 'queue:jobs'],
  },
  recipients: {
    route: 'GET /marketing/v1/sends/{sendId}/recipients',
    summary: 'Who a send goes to, and what became of each mail',
    scope,
    path,
    query: z.object({
      state: z.optional(z.enum(listedStates)),
      after: z.optional(cursor),
      limit: limitOf(50, 100),
    }),
    status: 200,
    output: z.object({ results: z.array(PublicRecipient), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
});

export const sendsWorkers = workers('sends', {
  deliver: {
    summary: 'Gives the mails of sends to SES at its pace, each once',
    uses: [
      'table:read',
      'table:write',
      'queue:bulk-mail',
      'mail:send',
      'mail:quota',
      'secret:link-keys:read',
      'public-url',
    ],
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
});
