import type { Tables } from '../../cdk/stacks/tables.ts';
import { operations, workers } from '../../lib/core/operation.ts';

/** Lists that use every capability and every kind of trigger once, whatever the areas hold today. */
export const fixture: Tables = {
  operations: [
    ...Object.values(
      operations('objects', {
        get: {
          route: 'GET /crm/v3/objects/{objectType}/{id}',
          also: ['GET /crm/v3/objects/p/{objectType}/{id}'],
          summary: 'Read a record',
          scope: 'crm.objects.{objectType}.read',
          status: 200,
          uses: ['table:read'],
        },
        batchCreate: {
          route: 'POST /crm/v3/objects/{objectType}/batch/create',
          summary: 'Create records',
          scope: 'crm.objects.{objectType}.write',
          status: 201,
          uses: ['table:read', 'table:write'],
          timeoutSeconds: 20,
          memoryMb: 1024,
        },
      }),
    ),
    ...Object.values(
      operations('openapi', {
        notFound: { route: '$default', summary: 'Unknown paths', scope: null, status: 404, uses: ['table:read'] },
      }),
    ),
    ...Object.values(
      operations('pages', {
        form: { route: 'GET /f/{formId}', summary: 'A form', scope: 'public', status: 200, uses: ['table:read'] },
      }),
    ),
  ],
  workers: [
    ...Object.values(
      workers('stream', { publish: { summary: 'Outbox to bus', uses: ['table:read', 'table:write', 'bus:publish'] } }),
    ),
    ...Object.values(
      workers('flows', {
        enroll: { summary: 'Starts runs', uses: ['table:read', 'table:write', 'queue:flow-steps'] },
        step: {
          summary: 'Runs steps',
          uses: [
            'table:read',
            'table:write',
            'queue:flow-steps',
            'mail:send',
            'secret:slack:read',
            'secret:slack:write',
            'secret:salesforce:read',
            'secret:salesforce:write',
            'http:outgoing',
            'secret:link-keys:read',
            'public-url',
          ],
          timeoutSeconds: 60,
        },
        sweep: { summary: 'Finds what is due', uses: ['table:read', 'queue:flow-steps'] },
      }),
    ),
    ...Object.values(
      workers('account', { seed: { summary: 'Seeds', uses: ['table:write', 'secret:access-token:read'] } }),
    ),
    ...Object.values(workers('emails', { settle: { summary: 'What became of mails', uses: ['table:write'] } })),
  ],
  subscriptions: [
    {
      name: 'record.created to flows/enroll',
      worker: 'flows/enroll',
      bus: 'tsunagi',
      pattern: pattern('record.created'),
    },
    {
      name: 'form.submitted to flows/enroll',
      worker: 'flows/enroll',
      bus: 'tsunagi',
      pattern: pattern('form.submitted'),
    },
    { name: 'SES to emails/settle', worker: 'emails/settle', bus: 'default', pattern: { source: ['aws.ses'] } },
  ],
  queues: [{ name: 'flow-steps', worker: 'flows/step', batchSize: 10, maxReceiveCount: 12 }],
  schedules: [{ worker: 'flows/sweep', expression: 'rate(1 minute)' }],
  streamReaders: [
    { worker: 'stream/publish', filter: { eventName: ['INSERT'] }, batchSize: 100, maximumRetryAttempts: 20 },
  ],
};

function pattern(type: string) {
  return { source: ['tsunagi'], 'detail-type': [type] };
}
