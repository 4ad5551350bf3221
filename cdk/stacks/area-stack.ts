import { Stack, type StackProps } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Registered, RegisteredWorker } from '../../lib/core/operation.ts';
import { EventFanout } from '../constructs/event-fanout.ts';
import { pascal } from '../constructs/names.ts';
import { type ApiIds, OperationApi } from '../constructs/operation-api.ts';
import type { Platform } from '../constructs/platform.ts';
import { QueueReader } from '../constructs/queue-reader.ts';
import { RowFunction } from '../constructs/row-function.ts';
import { ScheduledStart } from '../constructs/schedules.ts';
import { Seed, seedWorker } from '../constructs/seed.ts';
import { StreamReader } from '../constructs/stream-readers.ts';
import type { Trigger } from '../constructs/trigger.ts';
import { continuesItself, type Tables, timeoutOf } from './tables.ts';

interface AreaStackProps extends StackProps {
  readonly operations: readonly Registered[];
  readonly workers: readonly RegisteredWorker[];
  readonly tables: Tables;
  readonly apis: ApiIds;
  readonly platform: Platform;
  /** The folder that `cdk/bundle.ts` wrote. */
  readonly assets: string;
}

/**
 * The functions of one area with what starts them. An area has a stack of its own because a row that is added must never
 * push another row's function or route into a different stack: CloudFormation would make the new one before it deletes the
 * old, and names and routes are unique.
 */
export class AreaStack extends Stack {
  private readonly props: AreaStackProps;

  constructor(scope: Construct, id: string, props: AreaStackProps) {
    super(scope, id, props);
    this.props = props;
    const { operations, workers, apis, platform } = props;
    // CDK binds a `Code` to one stack.
    const code = Code.fromAsset(props.assets);
    if (operations.length > 0) new OperationApi(this, 'Operations', { operations, apis, code, platform });
    for (const worker of workers) this.addWorker(worker, code);
  }

  private addWorker(worker: RegisteredWorker, code: Code): void {
    const { platform } = this.props;
    const triggers = this.triggersOf(worker);
    if (triggers.length === 0) throw new Error(`Nothing starts the worker ${worker.id}: see events/*.ts`);
    const fn = new RowFunction(this, {
      row: worker,
      description: worker.summary,
      code,
      platform,
      timeoutSeconds: timeoutOf(worker),
      continuesItself: continuesItself(worker, this.props.tables),
      triggerStatements: triggers.flatMap((trigger) => trigger.statements),
    });
    for (const trigger of triggers) trigger.start(fn);
  }

  private triggersOf(worker: RegisteredWorker): readonly Trigger[] {
    const { tables, platform, assets } = this.props;
    const name = pascal(worker.id);
    const mine = <T extends { readonly worker: string }>(rows: readonly T[]) =>
      rows.filter((row) => row.worker === worker.id);
    const subscriptions = mine(tables.subscriptions);
    return [
      ...(subscriptions.length === 0
        ? []
        : [
            new EventFanout(this, `${name}Fanout`, {
              worker: worker.id,
              timeoutSeconds: timeoutOf(worker),
              subscriptions,
              platform,
            }),
          ]),
      ...mine(tables.queues).map(
        (queue) =>
          new QueueReader(this, `${name}${pascal(queue.name)}`, {
            queue: platform.workQueues[queue.name].queue,
            batchSize: queue.batchSize,
          }),
      ),
      ...mine(tables.streamReaders).map((reader) => new StreamReader(this, `${name}Stream`, { reader, platform })),
      ...mine(tables.schedules).map(
        (schedule, index) => new ScheduledStart(this, `${name}Schedule${index + 1}`, { schedule, platform }),
      ),
      ...(worker.id === seedWorker
        ? [new Seed(this, `${name}Run`, { adminEmail: platform.adminEmail, bundleFolder: assets })]
        : []),
    ];
  }
}
