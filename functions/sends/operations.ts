import * as z from 'zod/mini';
import { operations, workers } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';
import { exclusions } from '../../lib/sends/exclusion-reasons.ts';
import { PublicExclusion } from '../../lib/sends/exclusions.ts';
import { Preview } from '../../lib/sends/preview-schema.ts';
import { PublicRecipient } from '../../lib/sends/read.ts';
import { listedStates } from '../../lib/sends/recipient.ts';
import { PublicSend, SendInput } from '../../lib/sends/schema.ts';
import { BusinessHours, FatiguePolicy, WarmUp } from '../../lib/sends/settings.ts';
import { PublicWarmUp } from '../../lib/sends/warm-up.ts';

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
  preview: {
    route: 'POST /marketing/v1/sends/{sendId}/preview',
    summary:
      'Look at the whole audience of a draft: who gets the mail, who does not and why, what it costs, when it ends',
    scope,
    path,
    /** 202 with a `jobId` for an audience of more than 2,000: the figures then stand with the send. */
    status: [200, 202],
    output: z.partial(Preview),
    uses: ['table:read', 'table:write', 'queue:jobs', 'mail:quota'],
  },
  confirm: {
    route: 'POST /marketing/v1/sends/{sendId}/confirm',
    summary: 'Set a send on its way, now or at its time',
    scope,
    path,
    status: 202,
    output: z.object({ jobId: z.string() }),
    uses: ['table:read', 'table:write', 'queue:jobs', 'mail:quota'],
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
  exclusions: {
    route: 'GET /marketing/v1/sends/{sendId}/exclusions',
    summary: 'Who of the audience gets no mail, why, and until when; of a draft as the last preview found it',
    scope,
    path,
    query: z.object({
      reason: z.optional(z.enum(exclusions)),
      after: z.optional(cursor),
      limit: limitOf(50, 100),
    }),
    status: 200,
    output: z.object({ results: z.array(PublicExclusion), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  getFatiguePolicy: {
    route: 'GET /marketing/v1/fatigue-policy',
    summary: 'How many surveys and mails people are sent at most',
    scope,
    status: 200,
    output: FatiguePolicy,
    uses: ['table:read'],
  },
  setFatiguePolicy: {
    route: 'PUT /marketing/v1/fatigue-policy',
    summary: 'Limit surveys and mails by person and by advertiser, and hold all while a ticket is open',
    scope,
    body: FatiguePolicy,
    status: 200,
    output: FatiguePolicy,
    uses: ['table:read', 'table:write'],
  },
  getBusinessHours: {
    route: 'GET /marketing/v1/business-hours',
    summary: 'Days on which the company is closed besides weekends and holidays',
    scope,
    status: 200,
    output: BusinessHours,
    uses: ['table:read'],
  },
  setBusinessHours: {
    route: 'PUT /marketing/v1/business-hours',
    summary: 'Set the days on which the company is closed: sends that keep working hours wait on them',
    scope,
    body: BusinessHours,
    status: 200,
    output: BusinessHours,
    uses: ['table:read', 'table:write'],
  },
  getWarmUp: {
    route: 'GET /marketing/v1/warm-up',
    summary: 'The plan by which a new domain sends more each day, and where it stands',
    scope,
    status: 200,
    output: PublicWarmUp,
    uses: ['table:read'],
  },
  setWarmUp: {
    route: 'PUT /marketing/v1/warm-up',
    summary: 'Set how many bulk mails go out on each day from a day on; an empty plan ends it',
    scope,
    body: WarmUp,
    status: 200,
    output: PublicWarmUp,
    uses: ['table:read', 'table:write'],
  },
});

export const sendsWorkers = workers('sends', {
  deliver: {
    summary: 'Gives the mails of sends to SES at its pace, each once',
    uses: [
      'table:read',
      'table:write',
      'queue:bulk-mail',
      'mail:bulk',
      'mail:quota',
      'secret:link-keys:read',
      'public-url',
    ],
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
});
