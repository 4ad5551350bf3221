import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Tells as soon as a message could not be handled and waits for somebody. */
export function alarmOnDeadLetters(scope: Construct, name: string, queue: IQueue, topic: ITopic): void {
  raise(scope, topic, {
    description: `Messages of ${name} wait in its dead-letter queue: find the cause in the worker's log, then redrive`,
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: Stats.MAXIMUM }),
    above: 0,
    periods: 1,
  });
}

/** Tells when a stream reader falls behind: lists, text index and events lag by as much. */
export function alarmOnIteratorAge(scope: Construct, name: string, reader: IFunction, topic: ITopic): void {
  raise(scope, topic, {
    description: `${name} is more than five minutes behind the table's stream`,
    metric: reader.metric('IteratorAge', { period: Duration.minutes(1), statistic: Stats.MAXIMUM }),
    above: Duration.minutes(5).toMilliseconds(),
    periods: 3,
  });
}

/** Tells when a worker that a clock starts keeps failing; it has no queue in which its failures would show. */
export function alarmOnFailures(scope: Construct, name: string, worker: IFunction, topic: ITopic): void {
  raise(scope, topic, {
    description: `${name} has failed again and again for a quarter of an hour`,
    metric: worker.metricErrors({ period: Duration.minutes(5) }),
    above: 0,
    periods: 3,
  });
}

/**
 * Tells when operations answer 500. It counts at the API, because an alarm for each function would cost money each month
 * and say no more: the access log names the route.
 */
export function alarmOnServerErrors(scope: Construct, name: string, api: HttpApi, topic: ITopic): void {
  raise(scope, topic, {
    description: `The ${name} API answered more than five requests with a server error within five minutes`,
    metric: api.metricServerError({ period: Duration.minutes(5), statistic: Stats.SUM }),
    above: 5,
    periods: 1,
  });
}

interface Threshold {
  readonly description: string;
  readonly metric: IMetric;
  readonly above: number;
  readonly periods: number;
}

function raise(scope: Construct, topic: ITopic, { description, metric, above, periods }: Threshold): void {
  new Alarm(scope, 'Alarm', {
    alarmDescription: description,
    metric,
    threshold: above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  }).addAlarmAction(new SnsAction(topic));
}
