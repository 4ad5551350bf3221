import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Schedule as ScheduleRow } from '../../events/schedules.ts';
import { alarmOnFailures } from './alarms.ts';
import type { Platform } from './platform.ts';
import type { Trigger } from './trigger.ts';

interface ScheduledStartProps {
  readonly schedule: ScheduleRow;
  readonly platform: Platform;
}

/**
 * Starts a worker by the clock. A missed start needs no dead-letter queue: the work waits in the table, and the next start
 * finds it.
 */
export class ScheduledStart extends Construct implements Trigger {
  readonly statements = [];
  private readonly props: ScheduledStartProps;

  constructor(scope: Construct, id: string, props: ScheduledStartProps) {
    super(scope, id);
    this.props = props;
  }

  start(worker: IFunction): void {
    const { schedule, platform } = this.props;
    new Rule(this, 'Rule', {
      description: `${schedule.worker}: ${schedule.expression}`,
      schedule: Schedule.expression(schedule.expression),
      targets: [new LambdaFunction(worker)],
    });
    alarmOnFailures(this, schedule.worker, worker, platform.alarmTopic);
  }
}
