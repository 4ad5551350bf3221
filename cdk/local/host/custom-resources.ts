import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import type { CustomResourceModel, Invoke } from '../model.ts';
import type { Store } from '../services/store.ts';
import { readBody } from './read-body.ts';

const Answer = z.object({
  Status: z.enum(['SUCCESS', 'FAILED']),
  Reason: z.optional(z.string()),
  PhysicalResourceId: z.optional(z.string()),
});
type Answer = z.output<typeof Answer>;

const Done = z.object({ properties: z.record(z.string(), z.unknown()), physicalId: z.string() });

export const responsePath = '/cloudformation/';
const largestAnswer = 64 * 1024;
const patienceMs = 120_000;

/** Does what CloudFormation does with custom resources: tells the function to create or update, and waits for its answer at an address. */
export class CustomResources {
  private readonly store: Store;
  private readonly invoke: Invoke;
  private readonly waiting = new Map<string, (answer: Answer) => void>();

  constructor(options: { store: Store; invoke: Invoke }) {
    this.store = options.store;
    this.invoke = options.invoke;
  }

  /** Takes the function's answer, which it PUTs to the ResponseURL. */
  async receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = (message.url ?? '').slice(responsePath.length);
    const body = await readBody(message, largestAnswer);
    const answer = Answer.safeParse(body && JSON.parse(body.toString('utf8')));
    const resolve = this.waiting.get(token);
    if (resolve && answer.success) resolve(answer.data);
    response.writeHead(resolve && answer.success ? 200 : 403).end();
  }

  /** Runs a resource that is new or whose properties changed since. @throws when the function says FAILED or nothing. */
  async bring(resource: CustomResourceModel, responseBase: string, stackArn: string): Promise<void> {
    const setting = `custom resource ${resource.id}`;
    const stored = this.store.setting(setting);
    const done = stored === undefined ? undefined : Done.parse(JSON.parse(stored));
    if (done && JSON.stringify(done.properties) === JSON.stringify(resource.properties)) return;
    const token = randomUUID();
    const answer = await this.ask(resource, token, {
      RequestType: done ? 'Update' : 'Create',
      RequestId: token,
      ResponseURL: `${responseBase}${responsePath}${token}`,
      StackId: stackArn,
      LogicalResourceId: resource.id.split('/').at(-1),
      ResourceType: resource.type,
      ResourceProperties: resource.properties,
      ...(done && { PhysicalResourceId: done.physicalId, OldResourceProperties: done.properties }),
    });
    if (answer.Status === 'FAILED') throw new Error(`${resource.id} failed: ${answer.Reason ?? 'no reason given'}`);
    const physicalId = answer.PhysicalResourceId ?? done?.physicalId ?? resource.id;
    this.store.saveSetting(
      setting,
      JSON.stringify({ properties: resource.properties, physicalId } satisfies z.output<typeof Done>),
    );
  }

  private async ask(resource: CustomResourceModel, token: string, event: Record<string, unknown>): Promise<Answer> {
    let patience: NodeJS.Timeout | undefined;
    const answered = new Promise<Answer>((resolve) => {
      this.waiting.set(token, resolve);
      patience = setTimeout(
        () => resolve({ Status: 'FAILED', Reason: `no answer within ${patienceMs / 1000} s` }),
        patienceMs,
      );
    });
    try {
      const { error } = await this.invoke(resource.functionId, event);
      return error ? { Status: 'FAILED', Reason: `${error.type}: ${error.message}` } : await answered;
    } finally {
      clearTimeout(patience);
      this.waiting.delete(token);
    }
  }
}
