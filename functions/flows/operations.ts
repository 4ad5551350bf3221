import * as z from 'zod/mini';
import { operations, workers } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';
import { PublicRun, PublicStep, RunStatus } from '../../lib/flows/run.ts';
import { FlowDefinition, FlowSummary, FlowUpdate, PublicFlow } from '../../lib/flows/schema.ts';

const path = z.object({ flowId: z.string() });
const runPath = z.object({ flowId: z.string(), runId: z.string() });
const scope = 'automation';

export const flows = operations('flows', {
  list: {
    route: 'GET /automation/v4/flows',
    summary: 'List flows without their actions',
    scope,
    query: z.object({ after: z.optional(cursor), limit: limitOf(100, 500) }),
    status: 200,
    output: z.object({ results: z.array(FlowSummary), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  create: {
    route: 'POST /automation/v4/flows',
    summary: 'Define a flow',
    scope,
    body: FlowDefinition,
    status: 201,
    output: PublicFlow,
    uses: ['table:read', 'table:write', 'http:outgoing'],
  },
  get: {
    route: 'GET /automation/v4/flows/{flowId}',
    summary: 'Read a flow',
    scope,
    path,
    status: 200,
    output: PublicFlow,
    uses: ['table:read'],
  },
  update: {
    route: 'PUT /automation/v4/flows/{flowId}',
    summary: 'Replace a flow; the body names the revision that it replaces',
    scope,
    path,
    body: FlowUpdate,
    status: 200,
    output: PublicFlow,
    uses: ['table:read', 'table:write', 'queue:flow-steps', 'http:outgoing'],
  },
  remove: {
    route: 'DELETE /automation/v4/flows/{flowId}',
    summary: 'Delete a flow; its runs end',
    scope,
    path,
    status: 204,
    uses: ['table:read', 'table:write', 'queue:flow-steps'],
  },
  batchRead: {
    route: 'POST /automation/v4/flows/batch/read',
    summary: 'Read flows by id',
    scope,
    body: z.object({ inputs: z.array(z.looseObject({ flowId: z.string() })).check(z.maxLength(100)) }),
    status: [200, 207],
    output: z.looseObject({ status: z.literal('COMPLETE'), results: z.array(PublicFlow) }),
    uses: ['table:read'],
  },
  emailCampaigns: {
    route: 'GET /automation/v4/flows/email-campaigns',
    summary: 'Marketing e-mails that flows send: none, for their mails are their own',
    scope,
    query: z.object({
      flowId: z.optional(z.string()),
      after: z.optional(cursor),
      before: z.optional(z.string()),
      limit: limitOf(100, 500),
    }),
    status: 200,
    output: z.object({ results: z.array(z.unknown()) }),
    uses: ['table:read'],
  },
  workflowIdMappings: {
    route: 'POST /automation/v4/workflow-id-mappings/batch/read',
    summary: 'The ids of flows in the older API: the same ones',
    scope,
    body: z.object({
      inputs: z
        .array(
          z
            .looseObject({
              flowId: z.optional(z.union([z.string(), z.int()])),
              workflowId: z.optional(z.union([z.string(), z.int()])),
            })
            .check(z.refine(({ flowId, workflowId }) => (flowId ?? workflowId) !== undefined, 'names no flow')),
        )
        .check(z.maxLength(100)),
    }),
    status: [200, 207],
    output: z.looseObject({ results: z.array(z.object({ flowId: z.string(), workflowId: z.string() })) }),
    uses: ['table:read'],
  },
  stop: {
    route: 'POST /automation/v1/flows/{flowId}/stop',
    summary: 'Switch a flow off: no new runs, and delays and sends of present ones end',
    scope,
    path,
    status: 200,
    output: PublicFlow,
    uses: ['table:read', 'table:write', 'queue:flow-steps'],
  },
  listRuns: {
    route: 'GET /automation/v1/flows/{flowId}/runs',
    summary: 'Runs of a flow, newest first',
    scope,
    path,
    query: z.object({ status: z.optional(RunStatus), after: z.optional(cursor), limit: limitOf(50, 100) }),
    status: 200,
    output: z.object({ results: z.array(PublicRun), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  getRun: {
    route: 'GET /automation/v1/flows/{flowId}/runs/{runId}',
    summary: 'A run with each of its steps: input, output, error, attempts',
    scope,
    path: runPath,
    status: 200,
    output: z.extend(PublicRun, { steps: z.array(PublicStep) }),
    uses: ['table:read'],
  },
  retryRun: {
    route: 'POST /automation/v1/flows/{flowId}/runs/{runId}/retry',
    summary: 'Set a failed run on its way again, at the step that failed',
    scope,
    path: runPath,
    status: 200,
    output: PublicRun,
    uses: ['table:read', 'table:write', 'queue:flow-steps'],
  },
});

export const flowsWorkers = workers('flows', {
  enroll: {
    summary: 'Events → runs of the flows that wait for them',
    uses: ['table:read', 'table:write', 'queue:flow-steps'],
    timeoutSeconds: 30,
  },
  step: {
    summary: 'Takes the steps of runs, each effect once',
    uses: [
      'table:read',
      'table:write',
      'queue:flow-steps',
      'queue:jobs',
      'mail:send',
      'secret:slack:read',
      'secret:link-keys:read',
      'public-url',
      'http:outgoing',
    ],
    timeoutSeconds: 30,
    memoryMb: 1024,
  },
});
