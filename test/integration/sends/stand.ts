import { GetSendQuotaCommand, SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { vi } from 'vitest';
import * as z from 'zod/mini';
import { handler as settle } from '../../../functions/emails/settle.ts';
import { handler as work } from '../../../functions/jobs/work.ts';
import { handler as addMembers } from '../../../functions/lists/add-members.ts';
import { handler as createList } from '../../../functions/lists/create.ts';
import { handler as create } from '../../../functions/sends/create.ts';
import { handler as deliver } from '../../../functions/sends/deliver.ts';
import { handler as get } from '../../../functions/sends/get.ts';
import { handler as recipients } from '../../../functions/sends/recipients.ts';
import { sweep } from '../../../lib/due/due.ts';
import { jobKinds } from '../../../lib/jobs/kinds.ts';
import { listJobs } from '../../../lib/jobs/store.ts';
import { workOn } from '../../../lib/jobs/work.ts';
import { createRecords } from '../../../lib/objects/batch-create.ts';
import { answeredSteps } from '../../../lib/sends/ledger.ts';
import type { PublicRecipient } from '../../../lib/sends/read.ts';
import type { PublicSend } from '../../../lib/sends/schema.ts';
import { eventPrefix, paceKey } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { givenLinkKeys, givenSurvey } from '../../support/surveys.ts';

/** What SES does with a mail to this address. */
type Answer = 'ACCEPT' | Error;
export type Mail = { readonly to: string; readonly raw: string; readonly tags: Readonly<Record<string, string>> };

const consumers = { jobs: work, mail: deliver, settle } as const;
type Queue = keyof typeof consumers;
const batchSizes: Readonly<Record<Queue, number>> = { jobs: 1, mail: 10, settle: 10 };
const Logged = z.object({ type: z.string(), detail: z.looseObject({}) });

/** The functions of sends against the embedded engine; the queues and SES are in the test's hands. */
export async function startStand() {
  const database = await startDatabase();
  givenLinkKeys();
  const waiting: Record<Queue, string[]> = { jobs: [], mail: [], settle: [] };
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageBatchCommand).callsFake(({ QueueUrl = '', Entries = [] }) => {
    const queue: Queue = QueueUrl.endsWith('/jobs') ? 'jobs' : 'mail';
    waiting[queue].push(...Entries.map(({ MessageBody = '' }: { MessageBody?: string }) => MessageBody));
    return { Successful: [], Failed: [] };
  });
  sqs.on(ChangeMessageVisibilityCommand).resolves({});
  const mailbox = startMailbox();
  const stop = async () => {
    sqs.restore();
    mailbox.ses.restore();
    await database.close();
  };
  const driven = { ...deliveries(waiting), ...looks(database) };
  /** Moves the clock there and runs what is due. */
  const runAt = async (now: string) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(now) });
    await sweep(
      database.app,
      async (_, messages) => void waiting.jobs.push(...messages.map((message) => JSON.stringify(message))),
      () => false,
    );
    await driven.drain();
  };
  return { ...database, ...driven, ...mailbox, ...given(database), runAt, waiting, stop };
}
export type Stand = Awaited<ReturnType<typeof startStand>>;

function startMailbox() {
  const ses = mockClient(SESClient);
  const mails: Mail[] = [];
  const receiver: { answer: (mail: Mail) => Answer | Promise<Answer> } = { answer: () => 'ACCEPT' };
  ses.on(GetSendQuotaCommand).resolves({ MaxSendRate: 1000, Max24HourSend: 50_000, SentLast24Hours: 0 });
  ses.on(SendRawEmailCommand).callsFake(async ({ Destinations = [], RawMessage }) => {
    const mail = mailOf(Destinations[0] ?? '', Buffer.from(RawMessage?.Data ?? []).toString('latin1'));
    const answer = await receiver.answer(mail);
    if (answer !== 'ACCEPT') throw answer;
    mails.push(mail);
    return { MessageId: `ses-${mails.length}` };
  });
  return { ses, mails, receiver };
}

function mailOf(to: string, raw: string): Mail {
  const header = /^X-SES-MESSAGE-TAGS: (.*(?:\r\n\s.*)*)/im.exec(raw)?.[1] ?? '';
  const tags = [...header.matchAll(/([\w-]+)=([\w-]+)/g)].map(([, name = '', value = '']) => [name, value] as const);
  return { to, raw, tags: Object.fromEntries(tags) };
}

export const throttling = (message = 'Maximum sending rate exceeded.') =>
  Object.assign(new Error(message), { name: 'Throttling', $metadata: { httpStatusCode: 400 } });
export const timeOut = () => Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
export const rejection = () =>
  Object.assign(new Error('Address is not allowed'), { name: 'MessageRejected', $metadata: { httpStatusCode: 400 } });

function deliveries(waiting: Record<Queue, string[]>) {
  /** One batch as SQS hands it over; what failed waits again. Returns how many did. */
  const handOver = async (queue: Queue, bodies: readonly string[]): Promise<number> => {
    const Records = bodies.map((body, position) => ({ messageId: String(position), body, receiptHandle: 'r' }));
    const { batchItemFailures }: SQSBatchResponse = await consumers[queue]({ Records } as SQSEvent);
    waiting[queue].push(...batchItemFailures.map(({ itemIdentifier }) => bodies[Number(itemIdentifier)] ?? ''));
    return batchItemFailures.length;
  };
  const batch = (queue: Queue) => waiting[queue].splice(0, batchSizes[queue]);
  /** Runs until nothing waits, several workers at once; with `copies`, each message is delivered so often. Gives up after many rounds. */
  const drain = async ({ copies = 1, queues = ['jobs', 'mail', 'settle'] as readonly Queue[] } = {}): Promise<void> => {
    for (let round = 0; round < 400; round += 1) {
      const batches = queues.flatMap((queue) =>
        Array.from({ length: 3 }, () => batch(queue)).map((bodies) => ({ queue, bodies })),
      );
      const full = batches.filter(({ bodies }) => bodies.length > 0);
      if (full.length === 0) return;
      const runs = full.flatMap(({ queue, bodies }) => Array.from({ length: copies }, () => handOver(queue, bodies)));
      await Promise.all(runs);
    }
    throw new Error('The queues do not become empty');
  };
  /** SES tells of a mail. */
  const tell = (mail: Pick<Mail, 'to' | 'tags'>, eventType: string, more: Record<string, unknown> = {}) => {
    const { id = crypto.randomUUID(), time = '2026-11-25T04:00:00Z', ...detail } = more;
    waiting.settle.push(
      JSON.stringify({
        id,
        source: 'aws.ses',
        time,
        detail: {
          eventType,
          mail: {
            messageId: 'ses-x',
            destination: [mail.to],
            tags: Object.fromEntries(Object.entries(mail.tags).map(([name, value]) => [name, [value]])),
          },
          ...detail,
        },
      }),
    );
  };
  return { handOver, drain, tell };
}

let made = 0;

function given(database: Database) {
  const { app } = database;
  const headers = bearer();
  const contacts = async (count: number, more: Record<string, string> = {}): Promise<string[]> => {
    const ids: string[] = [];
    for (let start = 0; start < count; start += 100) {
      const inputs = Array.from({ length: Math.min(100, count - start) }, () => {
        made += 1;
        return { properties: { email: `person${made}@example.co.jp`, lastname: '佐藤', ...more } };
      });
      const { records } = await createRecords(app, '0-1', inputs);
      ids.push(...records.flatMap((record) => record?.id ?? []));
    }
    return ids;
  };
  const list = async (members: readonly string[]): Promise<string> => {
    made += 1;
    const body = { name: `名簿${made}`, objectTypeId: '0-1', processingType: 'MANUAL' };
    const { listId } = ((await call(createList, { body, headers })).body as { list: { listId: string } }).list;
    await call(addMembers, { method: 'PUT', path: { listId }, body: members, headers });
    return listId;
  };
  const draft = async (body: Record<string, unknown>): Promise<string> => {
    const surveyId = body.emailId === undefined ? (body.surveyId ?? (await givenSurvey())) : undefined;
    const answer = await call(create, { body: { subscriptionTypeId: '1', surveyId, ...body }, headers });
    if (answer.status !== 201) throw new Error(answer.text);
    return (answer.body as PublicSend).id;
  };
  const order = async (handler: unknown, sendId: string) => {
    const answer = await call(handler, { path: { sendId }, headers });
    if (answer.status >= 300) throw new Error(answer.text);
    return answer.body as PublicSend;
  };
  return { contacts, list, draft, order };
}

function looks({ app }: Database) {
  const headers = bearer();
  const send = async (sendId: string) =>
    (await call(get, { method: 'GET', path: { sendId }, headers })).body as PublicSend;
  const rows = async (sendId: string, query: Record<string, string> = {}): Promise<PublicRecipient[]> => {
    const answer = await call(recipients, {
      method: 'GET',
      path: { sendId },
      query: { limit: '100', ...query },
      headers,
    });
    return (answer.body as { results: PublicRecipient[] }).results;
  };
  const logOf = (contactId: string) => app.table.all({ pk: `0-1#${contactId}`, prefix: eventPrefix }, Logged);
  /** The jobs of a kind that have not begun are run as the sweep runs them at their time. */
  const runDue = async (kind: string) => {
    const later = () => new Date(Date.now() + 86_400_000).toISOString();
    const { jobs } = await listJobs(app, { limit: 100 });
    for (const { id, turn } of jobs.filter((job) => job.kind === kind && job.status === 'QUEUED'))
      await workOn({ ...app, now: later }, { jobId: id, turn }, jobKinds);
  };
  /** The person answers what a send asked. */
  const answer = async (sendId: string, contactId: string) =>
    app.table.commit((await answeredSteps(app, { sendId, contactId })).map(({ write }) => write));
  const forgetPace = () => app.table.commit([{ remove: paceKey }]);
  return { send, rows, logOf, runDue, answer, forgetPace };
}

/** A person's place in the totals: nobody is lost, nobody counts twice. */
export const balance = ({ ledger }: PublicSend) =>
  ledger.recipients - ledger.accepted - ledger.failed - ledger.pending - ledger.cancelled;
