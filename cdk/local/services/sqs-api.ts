import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Clock, QueueModel } from '../model.ts';
import { MessageAttributes, md5, md5OfAttributes, sizeOfAttributes } from './message-attributes.ts';
import { wireMessage } from './message-view.ts';
import { isReceiptHandle, type Queues } from './queues.ts';
import { SqsError } from './sqs-error.ts';

/** SQS raised its limit from 256 KiB to 1 MiB in 2025; it holds for a message and for a whole batch. */
const maximumMessageBytes = 1_048_576;

const seconds = (maximum: number) => z.int().check(z.minimum(0), z.maximum(maximum));
const OnQueue = z.object({ QueueUrl: z.string() });
const Outgoing = z.object({
  MessageBody: z.string(),
  DelaySeconds: z.optional(seconds(900)),
  MessageAttributes: z.optional(MessageAttributes),
  MessageSystemAttributes: z.optional(MessageAttributes),
  MessageGroupId: z.optional(z.string()),
});
const Receipt = z.object({ ReceiptHandle: z.string() });
const Visibility = z.extend(Receipt, { VisibilityTimeout: seconds(43_200) });
const Receive = z.extend(OnQueue, {
  MaxNumberOfMessages: z.optional(z.int().check(z.minimum(1), z.maximum(10))),
  VisibilityTimeout: z.optional(seconds(43_200)),
  WaitTimeSeconds: z.optional(seconds(20)),
  AttributeNames: z.optional(z.array(z.string())),
  MessageSystemAttributeNames: z.optional(z.array(z.string())),
  MessageAttributeNames: z.optional(z.array(z.string())),
});
const Batch = z.extend(OnQueue, { Entries: z.array(z.looseObject({ Id: z.string() })) });
const MoveTask = z.object({ SourceArn: z.string(), DestinationArn: z.optional(z.string()) });

type Answer = Record<string, unknown>;

/** SQS's JSON protocol over `Queues`: standard queues, the actions that moving messages takes, nothing that manages queues. */
export class SqsApi {
  readonly #queues: Queues;
  readonly #clock: Clock;

  constructor(options: { queues: Queues; clock: Clock }) {
    this.#queues = options.queues;
    this.#clock = options.clock;
  }

  /** One call: `SendMessage` and its parsed body. Throws an `SqsError`. */
  async execute(action: string, body: unknown): Promise<Answer> {
    const run = this.#actions[action];
    if (!run)
      throw new SqsError('UnsupportedOperation', `The local SQS does not offer ${action}.`, {
        queryCode: 'AWS.SimpleQueueService.UnsupportedOperation',
      });
    return run(body);
  }

  readonly #actions: Readonly<Record<string, (body: unknown) => Answer | Promise<Answer>>> = {
    SendMessage: (body) => this.#send(this.#queue(body), body),
    SendMessageBatch: (body) => {
      this.#checkBatchSize(body);
      return this.#batch(body, (queue, entry) => this.#send(queue, entry));
    },
    ReceiveMessage: (body) => this.#receive(this.#queue(body), parse(Receive, body)),
    DeleteMessage: (body) => this.#delete(this.#queue(body), body),
    DeleteMessageBatch: (body) => this.#batch(body, (queue, entry) => this.#delete(queue, entry)),
    ChangeMessageVisibility: (body) => this.#changeVisibility(this.#queue(body), body),
    ChangeMessageVisibilityBatch: (body) => this.#batch(body, (queue, entry) => this.#changeVisibility(queue, entry)),
    PurgeQueue: (body) => {
      this.#queues.purge(this.#queue(body));
      return {};
    },
    GetQueueUrl: (body) => {
      const { QueueName } = parse(z.object({ QueueName: z.string() }), body);
      return { QueueUrl: this.#existing(this.#queues.named(QueueName)).url };
    },
    ListQueues: (body) => {
      const { QueueNamePrefix = '' } = parse(z.object({ QueueNamePrefix: z.optional(z.string()) }), body);
      return {
        QueueUrls: this.#queues
          .list()
          .filter(({ name }) => name.startsWith(QueueNamePrefix))
          .map(({ url }) => url),
      };
    },
    GetQueueAttributes: (body) => this.#attributes(this.#queue(body), body),
    StartMessageMoveTask: (body) => this.#startMove(parse(MoveTask, body)),
  };

  #send(queue: QueueModel, input: unknown): Answer {
    const message = parse(Outgoing, input);
    const { MessageBody: body, MessageAttributes: attributes } = message;
    if (body === '')
      throw new SqsError('MissingRequiredParameterException', 'The request must contain the parameter MessageBody.', {
        queryCode: 'MissingParameter',
      });
    if (/(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/u.test(body))
      throw new SqsError('InvalidMessageContents', 'Invalid characters in message body.');
    if (messageBytes(message) > maximumMessageBytes)
      throw invalid(
        `One or more parameters are invalid. Reason: Message must be shorter than ${maximumMessageBytes} bytes.`,
      );
    const traceHeader = message.MessageSystemAttributes?.AWSTraceHeader?.StringValue;
    const messageId = this.#queues.send(queue, {
      body,
      ...(attributes ? { attributes } : {}),
      ...(traceHeader ? { traceHeader } : {}),
      ...(message.DelaySeconds === undefined ? {} : { delaySeconds: message.DelaySeconds }),
    });
    return {
      MessageId: messageId,
      MD5OfMessageBody: md5(body),
      ...(attributes && Object.keys(attributes).length > 0
        ? { MD5OfMessageAttributes: md5OfAttributes(attributes) }
        : {}),
    };
  }

  async #receive(queue: QueueModel, input: z.infer<typeof Receive>): Promise<Answer> {
    const take = () => this.#queues.receive(queue, input.MaxNumberOfMessages ?? 1, input.VisibilityTimeout);
    const deadline = this.#clock.now() + (input.WaitTimeSeconds ?? 0) * 1000;
    let messages = take();
    while (messages.length === 0 && this.#clock.now() < deadline) {
      await this.#arrival(queue, deadline);
      messages = take();
    }
    if (messages.length === 0) return {};
    const systemNames = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
    return {
      Messages: messages.map((message) => wireMessage(message, systemNames, input.MessageAttributeNames ?? [])),
    };
  }

  #arrival(queue: QueueModel, deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        unwatch();
        cancel();
        resolve();
      };
      const unwatch = this.#queues.watch(queue, done);
      const cancel = this.#clock.at(deadline, done);
    });
  }

  #delete(queue: QueueModel, input: unknown): Answer {
    const { ReceiptHandle } = parse(Receipt, input);
    checkHandle(ReceiptHandle);
    this.#queues.delete(queue, ReceiptHandle);
    return {};
  }

  #changeVisibility(queue: QueueModel, input: unknown): Answer {
    const { ReceiptHandle, VisibilityTimeout } = parse(Visibility, input);
    checkHandle(ReceiptHandle);
    if (!this.#queues.changeVisibility(queue, ReceiptHandle, VisibilityTimeout)) {
      throw new SqsError('MessageNotInflight', 'The specified message is not in flight.', {
        queryCode: 'AWS.SimpleQueueService.MessageNotInflight',
      });
    }
    return {};
  }

  #attributes(queue: QueueModel, body: unknown): Answer {
    const { AttributeNames = [] } = parse(z.object({ AttributeNames: z.optional(z.array(z.string())) }), body);
    const { visible, inFlight, delayed } = this.#queues.counts(queue);
    const all: Record<string, string | undefined> = {
      QueueArn: queue.arn,
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
      DelaySeconds: String(queue.delaySeconds),
      MaximumMessageSize: String(maximumMessageBytes),
      RedrivePolicy:
        queue.redrive &&
        JSON.stringify({
          deadLetterTargetArn: queue.redrive.deadLetterArn,
          maxReceiveCount: queue.redrive.maxReceiveCount,
        }),
    };
    const wanted = (name: string) => AttributeNames.includes('All') || AttributeNames.includes(name);
    return {
      Attributes: Object.fromEntries(
        Object.entries(all).filter(([name, value]) => value !== undefined && wanted(name)),
      ),
    };
  }

  #startMove(input: z.infer<typeof MoveTask>): Answer {
    const source = this.#existing(this.#queues.byArn(input.SourceArn), 'ResourceNotFoundException');
    const feeds = this.#queues.list().some(({ redrive }) => redrive?.deadLetterArn === source.arn);
    if (!feeds) throw invalid('Source queue must be configured as a Dead Letter Queue.');
    const destination =
      input.DestinationArn === undefined
        ? undefined
        : this.#existing(this.#queues.byArn(input.DestinationArn), 'ResourceNotFoundException');
    this.#queues.redrive(source, destination);
    return {
      TaskHandle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: source.arn })).toString('base64'),
    };
  }

  #batch(body: unknown, one: (queue: QueueModel, entry: unknown) => Answer): Answer {
    const queue = this.#queue(body);
    const { Entries: entries } = parse(Batch, body);
    checkEntries(entries.map(({ Id }) => Id));
    const successful: Answer[] = [];
    const failed: Answer[] = [];
    for (const entry of entries) {
      try {
        successful.push({ Id: entry.Id, ...one(queue, entry) });
      } catch (error) {
        if (!(error instanceof SqsError)) throw error;
        failed.push({
          Id: entry.Id,
          SenderFault: true,
          Code: error.type.replace('com.amazonaws.sqs#', ''),
          Message: error.message,
        });
      }
    }
    return {
      ...(successful.length > 0 ? { Successful: successful } : {}),
      ...(failed.length > 0 ? { Failed: failed } : {}),
    };
  }

  #checkBatchSize(body: unknown): void {
    const { Entries } = parse(z.object({ Entries: z.array(Outgoing) }), body);
    const total = Entries.reduce((sum, entry) => sum + messageBytes(entry), 0);
    if (total > maximumMessageBytes) {
      throw new SqsError(
        'BatchRequestTooLong',
        `Batch requests cannot be longer than ${maximumMessageBytes} bytes. You have sent ${total} bytes.`,
        { queryCode: 'AWS.SimpleQueueService.BatchRequestTooLong' },
      );
    }
  }

  #queue(body: unknown): QueueModel {
    const { QueueUrl } = parse(OnQueue, body);
    return this.#existing(this.#queues.named(QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)));
  }

  #existing(queue: QueueModel | undefined, type = 'QueueDoesNotExist'): QueueModel {
    if (!queue)
      throw new SqsError(type, 'The specified queue does not exist.', {
        queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
      });
    return queue;
  }
}

function messageBytes({ MessageBody, MessageAttributes: attributes = {} }: z.infer<typeof Outgoing>): number {
  return Buffer.byteLength(MessageBody) + sizeOfAttributes(attributes);
}

function checkHandle(handle: string): void {
  if (!isReceiptHandle(handle))
    throw new SqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
}

function checkEntries(ids: readonly string[]): void {
  const error = (type: string, message: string) =>
    new SqsError(type, message, { queryCode: `AWS.SimpleQueueService.${type}` });
  if (ids.length === 0) throw error('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (ids.length > 10)
    throw error(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${ids.length}.`,
    );
  if (new Set(ids).size < ids.length)
    throw error('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id)))
    throw error(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
}

function parse<T extends z.ZodMiniType>(schema: T, body: unknown): z.output<T> {
  const result = z.safeParse(schema, body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(
    `Value for parameter ${issue?.path.join('.') ?? ''} is invalid. Reason: ${issue?.message ?? 'malformed'}.`,
  );
}

function invalid(message: string): SqsError {
  return new SqsError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });
}
