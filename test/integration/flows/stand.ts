import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import * as z from 'zod/mini';
import type { Emitted } from '../../../events/define.ts';
import { FormSubmitted } from '../../../events/form.ts';
import { handler as settle } from '../../../functions/emails/settle.ts';
import { handler as create } from '../../../functions/flows/create.ts';
import { handler as enroll } from '../../../functions/flows/enroll.ts';
import { handler as getRun } from '../../../functions/flows/get-run.ts';
import { handler as listRuns } from '../../../functions/flows/list-runs.ts';
import { handler as step } from '../../../functions/flows/step.ts';
import { handler as sweep } from '../../../functions/jobs/sweep.ts';
import { handler as createUser } from '../../../functions/users/create.ts';
import { newEventId } from '../../../lib/core/ids.ts';
import { listRecords } from '../../../lib/objects/read-store.ts';
import { type CrmRecord, createRecord } from '../../../lib/objects/store.ts';
import type { PropertyInput } from '../../../lib/objects/values.ts';
import { eventPrefix, type RecordRef, recordKey } from '../../../lib/table/keys.ts';
import { type Answer, call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

type Post = { readonly text: string; readonly client_msg_id: string };
/** What the server that plays Slack, or any webhook, does. */
type SinkAnswer = { status: number; headers?: Record<string, string> } | 'cut';
type Sink = { respond: (post: Post) => SinkAnswer | Promise<SinkAnswer> };
type Body = Record<string, never> & { id: string };
type RunBody = {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly error?: string;
  readonly dueAt?: string;
  readonly steps: readonly {
    actionId: string;
    status: string;
    attempts: number;
    error?: string;
    input?: unknown;
    output?: Record<string, unknown>;
  }[];
};

const consumers = { enroll, step, settle } as const;
const Logged = z.object({ type: z.string(), detail: z.looseObject({ id: z.string(), cause: z.array(z.string()) }) });

/** The flow functions against the embedded engine; queue, SES and Slack are in the test's hands. */
export async function startStand() {
  const database = await startDatabase();
  const slack = await startSlack();
  process.env.OUTGOING_PRIVATE_ADDRESSES = 'allow';
  const queue = mockQueue();
  const ses = mockClient(SESClient);
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'ses-1' });
  const secrets = mockClient(SecretsManagerClient);
  const connect = (url: string | undefined) =>
    secrets
      .on(GetSecretValueCommand)
      .resolves(url === undefined ? {} : { SecretString: JSON.stringify({ webhookUrl: url }) });
  connect(slack.url);
  secrets.on(PutSecretValueCommand).resolves({});
  const stop = async () => {
    for (const mock of [queue.sqs, ses, secrets]) mock.restore();
    slack.close();
    await database.close();
  };
  return { ...database, ...deliveries(queue), ...given(database), slack, ses, secrets, connect, stop };
}
export type Stand = Awaited<ReturnType<typeof startStand>>;

async function startSlack() {
  const posts: Post[] = [];
  const keys: (string | string[] | undefined)[] = [];
  const sink: Sink = { respond: () => ({ status: 200 }) };
  const server = createServer(async (request, response) => {
    const post = JSON.parse(Buffer.concat(await request.toArray()).toString('utf8')) as Post;
    keys.push(request.headers['idempotency-key']);
    const answer = await sink.respond(post);
    if (answer === 'cut') {
      posts.push(post);
      request.socket.destroy();
      return;
    }
    if (answer.status < 300) posts.push(post);
    response.writeHead(answer.status, answer.headers).end('ok');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { posts, keys, sink, url, close: () => server.close() };
}

function mockQueue() {
  const waiting: string[] = [];
  const sqs = mockClient(SQSClient);
  let refusals = 0;
  const refuseOnce = () => {
    refusals += 1;
  };
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries = [] }: { Entries?: { MessageBody?: string }[] }) => {
    refusals -= 1;
    if (refusals >= 0) throw Object.assign(new Error('no'), { name: 'AccessDenied' });
    refusals = 0;
    waiting.push(...Entries.map(({ MessageBody = '' }) => MessageBody));
    return { Successful: [], Failed: [] };
  });
  return { waiting, sqs, refuseOnce };
}

/** Messages to a worker, as SQS hands them over. Returns those that must come again. */
async function deliver(worker: keyof typeof consumers, bodies: readonly string[]): Promise<string[]> {
  const Records = bodies.map((body, position) => ({ messageId: String(position), body }));
  const { batchItemFailures }: SQSBatchResponse = await consumers[worker]({ Records } as SQSEvent);
  return batchItemFailures.map(({ itemIdentifier }) => bodies[Number(itemIdentifier)] ?? '');
}

function deliveries({ waiting, refuseOnce, sqs }: ReturnType<typeof mockQueue>) {
  const tell = (event: Emitted) =>
    deliver('enroll', [JSON.stringify({ source: 'tsunagi', 'detail-type': event.type, detail: event.detail })]);
  /** Hands over all messages, and those that they lead to; what fails is returned and not tried again. */
  const drain = async (): Promise<string[]> => {
    const failed: string[] = [];
    while (waiting.length > 0) failed.push(...(await deliver('step', waiting.splice(0))));
    return failed;
  };
  /** For how many seconds messages that failed were hidden, the last one last. */
  const heldFor = () =>
    sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input.VisibilityTimeout);
  return { waiting, refuseOnce, deliver, tell, drain, heldFor, sweep: () => sweep() };
}

function given({ app }: Database) {
  const ok = async (answer: Answer) => {
    if (answer.status >= 300) throw new Error(answer.text);
    return answer.body as Body;
  };
  const record = (objectType: string, properties: PropertyInput): Promise<CrmRecord> =>
    createRecord(app, objectType, properties);
  const createFlow = async (body: unknown) => (await ok(await call(create, { body, headers: bearer() }))).id;
  const owner = async (email: string) => (await ok(await call(createUser, { body: { email }, headers: bearer() }))).id;
  const runsOf = async (flowId: string, query: Record<string, string> = {}): Promise<RunBody[]> => {
    const { results } = (await ok(await call(listRuns, { path: { flowId }, query, headers: bearer() }))) as unknown as {
      results: { id: string }[];
    };
    const read = async (runId: string) => ok(await call(getRun, { path: { flowId, runId }, headers: bearer() }));
    return (await Promise.all(results.map(({ id }) => read(id)))) as unknown as RunBody[];
  };
  const logOf = (ref: RecordRef) => app.table.all({ pk: recordKey(ref).pk, prefix: eventPrefix }, Logged);
  const all = async (objectType: string) =>
    (await listRecords(app, objectType, { archived: false, limit: 100 })).records;
  return { record, createFlow, owner, runsOf, logOf, all };
}

/** A form that the contact sent. */
export const submitted = (contact: RecordRef, formId = 'f1') =>
  FormSubmitted.of({
    id: newEventId(),
    objectType: contact.objectType,
    recordId: contact.id,
    occurredAt: new Date().toISOString(),
    actor: { kind: 'form', id: formId },
    cause: [],
    formId,
    submissionId: crypto.randomUUID(),
    submittedAt: new Date().toISOString(),
    values: [],
  });

const next = (nextActionId: string) => ({ edgeType: 'STANDARD', nextActionId });

/** A step of an action type, leading to `to`. */
export const action = (actionId: string, actionTypeId: string, fields: unknown, to?: string) => ({
  type: 'SINGLE_CONNECTION',
  actionId,
  actionTypeId,
  actionTypeVersion: 0,
  fields,
  ...(to && { connection: next(to) }),
});

/** HubSpot's body of an enabled flow on contacts that a submission of the form starts. */
export const formFlow = (
  actions: readonly { actionId: string }[],
  formId = 'f1',
  more: Record<string, unknown> = {},
) => ({
  type: 'CONTACT_FLOW',
  flowType: 'WORKFLOW',
  name: 'フロー',
  isEnabled: true,
  objectTypeId: '0-1',
  startActionId: actions[0]?.actionId,
  actions,
  enrollmentCriteria: {
    type: 'EVENT_BASED',
    shouldReEnroll: true,
    eventFilterBranches: [
      {
        filterBranchType: 'UNIFIED_EVENTS',
        eventTypeId: '4-1639801',
        operator: 'HAS_COMPLETED',
        filters: [
          { filterType: 'PROPERTY', property: 'hs_form_id', operation: { operator: 'IS_ANY_OF', values: [formId] } },
        ],
      },
    ],
  },
  ...more,
});

export const fixed = (staticValue: string) => ({ type: 'STATIC_VALUE', staticValue });

/** The steps of R34: a ticket, associated with the contact and with the deal of the same 広告主ID, an owner in turn, a Slack post. */
export const enquirySteps = (ownerIds: readonly string[]) => {
  const target = { type: 'ACTION_OUTPUT', actionId: '1' };
  const association = { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 16 };
  return [
    action(
      '1',
      '0-14',
      {
        object_type_id: '0-5',
        properties: [
          { targetProperty: 'subject', value: fixed('お問い合わせ {{ enrolled_object.email }}') },
          { targetProperty: 'hs_pipeline', value: fixed('0') },
          { targetProperty: 'hs_pipeline_stage', value: fixed('1') },
        ],
        associations: [{ target: association, value: { type: 'ENROLLED_OBJECT' } }],
      },
      '2',
    ),
    action(
      '2',
      '0-63189541',
      {
        fromObjectType: '0-5',
        toObjectType: '0-3',
        enrolledObjectPropertyNameToMatch: '0-1/advertiser_id',
        associatedObjectPropertyNameToMatch: '0-3/advertiser_id',
        target,
      },
      '3',
    ),
    action('3', '0-11', { owner_ids: ownerIds, target }, '4'),
    action('4', '1-179507819', {
      text: '新しいお問い合わせ: {{ action_output.1.subject }} ({{ enrolled_object.lastname }} 様)',
    }),
  ];
};

/** A run that a contact's form began, and its message, which the test takes as often as it likes. */
export async function begin(stand: Stand, name: string, actions: readonly { actionId: string }[]) {
  const flowId = await stand.createFlow(formFlow(actions, `f${name}`));
  const contact = await stand.record('0-1', { email: `c${name}@example.co.jp`, lastname: '田中' });
  await stand.tell(submitted(contact, `f${name}`));
  const messages = stand.waiting.splice(0);
  const run = async () => (await stand.runsOf(flowId))[0];
  const take = async () => (await stand.deliver('step', messages)).length === 0;
  return { flowId, contact, messages, run, take };
}
