import type { Clock, FunctionModel, Invoke, QueueModel } from '../model.ts';
import type { Faults } from './faults.ts';
import type { Queues } from './queues.ts';
import type { Statement, Store } from './store.ts';

/** Where a lane leads, as a rule's target says. */
export type Target = { readonly arn: string; readonly deadLetterArn?: string; readonly maximumRetryAttempts?: number };

type DeliveryRow = { id: number; attempts: number; payload: string };

/** A delivery that is being made is due at the end of time: only this process can finish it, the next one starts it anew. */
const taken = Number.MAX_SAFE_INTEGER;
const concurrency = 10;
/** Lambda retries an asynchronous call twice, after one and two minutes; nobody at a desk waits that long. */
const retryDelaysMs = [250, 1000];

/**
 * Hands payloads to functions and queues, each at least once: a row stands for a delivery until its target has it.
 * Lambda's asynchronous calls, with retries and a dead-letter queue, work the same way.
 */
export class Deliveries {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #queues: Queues;
  readonly #faults: Faults;
  readonly #invoke: Invoke;
  readonly #report: (line: string) => void;
  readonly #functionIds: ReadonlyMap<string, string>;
  readonly #lanes = new Map<string, Lane>();
  readonly #running = new Set<Promise<void>>();
  readonly #sql: ReturnType<typeof prepare>;
  #started = false;

  constructor(options: {
    store: Store;
    clock: Clock;
    queues: Queues;
    faults: Faults;
    functions: readonly Pick<FunctionModel, 'id' | 'arn'>[];
    invoke: Invoke;
    /** Told of each delivery that was given up with no dead-letter queue to take it. */
    report?: (line: string) => void;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#queues = options.queues;
    this.#faults = options.faults;
    this.#invoke = options.invoke;
    this.#report = options.report ?? (() => undefined);
    this.#functionIds = new Map(options.functions.map(({ arn, id }) => [arn, id]));
    this.#sql = prepare(options.store);
    this.#sql.untake.run(this.#clock.now(), taken);
  }

  /** Opens the way to a target. Throws when the target is neither a queue nor a function of the stack. */
  lane(name: string, target: Target): Lane {
    const queue = this.#queues.byArn(target.arn);
    const functionId = this.#functionIds.get(target.arn);
    if (!queue && functionId === undefined)
      throw new Error(`${name}: the target ${target.arn} is neither a queue nor a function of the stack.`);
    const lane: Lane = { name, target, queue, functionId, running: 0 };
    this.#lanes.set(name, lane);
    return lane;
  }

  /** Takes up what an earlier process left behind. Call it when all lanes are open. */
  start(): void {
    this.#started = true;
    for (const { lane } of this.#sql.lanes.all()) {
      const open = this.#lanes.get(lane);
      if (open) this.#pump(open);
      else
        this.#report(
          `dropped ${this.#sql.removeLane.run(lane).changes} deliveries: the stack has no target ${lane} any more`,
        );
    }
  }

  /** Waits for the calls that are under way; what has not begun stays for the next start. */
  async stop(): Promise<void> {
    this.#started = false;
    await Promise.all(this.#running);
  }

  /** Stores a delivery; joins the caller's transaction. */
  send(lane: Lane, payload: string): void {
    const { duplicate, drop, reorder, delayMs } = this.#faults.delivery('events');
    const now = this.#clock.now();
    for (let copies = duplicate ? 2 : 1; copies > 0; copies -= 1) {
      const late = (drop || reorder) && copies === 1;
      if (lane.queue && !late) this.#queues.send(lane.queue, { body: payload });
      else this.#enqueue(lane, payload, late ? now + delayMs : now);
    }
  }

  pending(): number {
    return this.#sql.count.get()?.count ?? 0;
  }

  /** How much a lane's target has not taken yet, counted no further than `limit`. */
  waiting({ name, queue }: Lane, limit: number): number {
    return queue ? this.#queues.visibleUpTo(queue, limit) : (this.#sql.waiting.get(name, limit)?.count ?? 0);
  }

  #enqueue(lane: Lane, payload: string, dueAt: number): void {
    this.#sql.insert.run(lane.name, dueAt, payload);
    this.#wake(lane, dueAt);
  }

  #wake(lane: Lane, dueAt: number): void {
    if (dueAt > this.#clock.now()) this.#clock.at(dueAt, () => this.#pump(lane));
    else setImmediate(() => this.#pump(lane));
  }

  #pump(lane: Lane): void {
    if (!this.#started) return;
    const rows = this.#store.transaction(() => {
      const due = this.#sql.due.all(lane.name, this.#clock.now(), concurrency - lane.running);
      for (const { id } of due) this.#sql.take.run(taken, id);
      return due;
    });
    for (const row of rows) {
      lane.running += 1;
      const run = this.#deliver(lane, row).finally(() => {
        lane.running -= 1;
        this.#running.delete(run);
        this.#pump(lane);
      });
      this.#running.add(run);
    }
    const later = rows.length === 0 && lane.running === 0 ? this.#sql.next.get(lane.name, taken)?.due_at : undefined;
    if (typeof later === 'number' && later > this.#clock.now()) this.#wake(lane, later);
  }

  async #deliver(lane: Lane, { id, attempts, payload }: DeliveryRow): Promise<void> {
    const { functionId, queue } = lane;
    if (functionId === undefined) {
      this.#store.transaction(() => {
        if (queue) this.#queues.send(queue, { body: payload });
        this.#sql.remove.run(id);
      });
      return;
    }
    const { error } = await this.#call(functionId, payload);
    if (!error) this.#sql.remove.run(id);
    else if (attempts < (lane.target.maximumRetryAttempts ?? retryDelaysMs.length)) this.#retry(lane, id, attempts);
    else this.#giveUp(lane, id, payload, error);
  }

  /** A template may have made something of an event that is no JSON; that is the target's failure, not ours. */
  #call(functionId: string, payload: string): ReturnType<Invoke> {
    const event = parseJson(payload);
    if (event) return this.#invoke(functionId, event.value);
    return Promise.resolve({ error: { type: 'InvalidJson', message: 'The input is not valid JSON.' } });
  }

  #retry(lane: Lane, id: number, attempts: number): void {
    const dueAt = this.#clock.now() + (retryDelaysMs[attempts] ?? 1000);
    this.#sql.retry.run(dueAt, id);
    this.#wake(lane, dueAt);
  }

  #giveUp(lane: Lane, id: number, payload: string, error: { type: string; message: string }): void {
    const deadLetters =
      lane.target.deadLetterArn === undefined ? undefined : this.#queues.byArn(lane.target.deadLetterArn);
    if (!deadLetters)
      this.#report(`${lane.name}: gave up after ${error.type}: ${error.message}; no dead-letter queue took ${payload}`);
    this.#store.transaction(() => {
      if (deadLetters) this.#queues.send(deadLetters, { body: payload, attributes: deadLetterAttributes(lane, error) });
      this.#sql.remove.run(id);
    });
  }
}

/** One target of one rule or schedule. */
export type Lane = {
  readonly name: string;
  readonly target: Target;
  readonly queue: QueueModel | undefined;
  readonly functionId: string | undefined;
  running: number;
};

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function deadLetterAttributes({ target }: Lane, error: { type: string; message: string }) {
  const text = (value: string) => ({ DataType: 'String', StringValue: value });
  return {
    ERROR_CODE: text(error.type || 'Unknown'),
    ERROR_MESSAGE: text(error.message.slice(0, 1000) || 'Unknown'),
    TARGET_ARN: text(target.arn),
  };
}

function prepare(store: Store) {
  const run = (sql: string): Statement<never> => store.statement(sql);
  return {
    insert: run('insert into delivery (lane, due_at, payload) values (?, ?, ?)'),
    due: store.statement<DeliveryRow>(
      'select id, attempts, payload from delivery where lane = ? and due_at <= ? order by due_at, id limit ?',
    ),
    next: store.statement<{ due_at: number | null }>(
      'select min(due_at) as due_at from delivery where lane = ? and due_at < ?',
    ),
    lanes: store.statement<{ lane: string }>('select distinct lane from delivery'),
    count: store.statement<{ count: number }>('select count(*) as count from delivery'),
    waiting: store.statement<{ count: number }>(
      'select count(*) as count from (select 1 from delivery where lane = ? limit ?)',
    ),
    take: run('update delivery set due_at = ? where id = ?'),
    untake: run('update delivery set due_at = ? where due_at = ?'),
    retry: run('update delivery set due_at = ?, attempts = attempts + 1 where id = ?'),
    remove: run('delete from delivery where id = ?'),
    removeLane: run('delete from delivery where lane = ?'),
  };
}
