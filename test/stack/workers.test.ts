import { describe, expect, test } from 'vitest';
import { cases, present, synthesized } from './synthesized.ts';

describe.each(cases)('what starts the workers of the lists: %s', (_, tables) => {
  const { ofType } = synthesized(tables);
  const functions = ofType('AWS::Lambda::Function');
  const functionOf = (worker: string) => functions.find(({ properties }) => properties.Handler === `${worker}.handler`);
  const queues = ofType('AWS::SQS::Queue');
  const mappings = ofType('AWS::Lambda::EventSourceMapping').map(({ properties }) => properties);
  const mappingsOf = (worker: string) =>
    mappings.filter(({ FunctionName }) => FunctionName === functionOf(worker)?.name);
  const rules = ofType('AWS::Events::Rule').map(({ name, properties }) => ({ arn: `${name}.Arn`, ...properties }));
  const redriven = queues.flatMap(({ name, properties: { RedrivePolicy: redrive, VisibilityTimeout: visibility } }) =>
    redrive ? [{ name, redrive, visibility }] : [],
  );

  test('every queue is encrypted and has a dead-letter queue that keeps what failed for 14 days and raises an alarm on the first message', () => {
    const deadLetters = queues.filter(({ properties }) => !properties.RedrivePolicy);
    const alarms = ofType('AWS::CloudWatch::Alarm').map(({ properties }) => properties);
    for (const { redrive } of redriven) {
      expect(deadLetters.map(({ name }) => `${name}.Arn`)).toContain(redrive.deadLetterTargetArn);
      expect(redrive.maxReceiveCount).toBeGreaterThan(1);
    }
    for (const { name, properties } of queues) expect(properties.SqsManagedSseEnabled, name).toBe(true);
    for (const { name, properties } of deadLetters) {
      expect(properties.MessageRetentionPeriod).toBe(14 * 24 * 60 * 60);
      expect(alarms).toContainEqual(
        expect.objectContaining({
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Dimensions: [{ Name: 'QueueName', Value: `${name}.QueueName` }],
          Threshold: 0,
          AlarmActions: ['tsunagi-data/Alarms'],
        }),
      );
    }
  });

  test('a queue hides a message for longer than its worker may run, and its worker reports failures one by one', () => {
    expect(redriven.length).toBeGreaterThan(0);
    for (const { name, visibility } of redriven) {
      const [mapping, ...others] = mappings.filter(({ EventSourceArn }) => EventSourceArn === `${name}.Arn`);
      expect(others).toEqual([]);
      const worker = present(
        functions.find((fn) => fn.name === mapping?.FunctionName),
        `a reader of ${name}`,
      );
      expect(visibility).toBeGreaterThan(worker.properties.Timeout);
      expect(mapping?.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      // Above ten, SQS would want a batching window, and that is waiting time.
      expect(mapping?.BatchSize).toBeLessThanOrEqual(10);
      // All workers together must leave most of an account's thousand concurrent runs to requests.
      expect(mapping?.ScalingConfig?.MaximumConcurrency).toBeLessThanOrEqual(20);
    }
  });

  test.each(tables.queues)('$worker reads the work queue $name', ({ name, worker, batchSize, maxReceiveCount }) => {
    const queue = queues.find(({ properties }) => properties.QueueName === `tsunagi-${name}`);
    expect(mappingsOf(worker)).toContainEqual(
      expect.objectContaining({ EventSourceArn: `${queue?.name}.Arn`, BatchSize: batchSize }),
    );
    expect(queue?.properties.RedrivePolicy?.maxReceiveCount).toBe(maxReceiveCount);
  });

  test.each(tables.subscriptions)('$name: a rule brings exactly these events to the queue of the worker', ({
    name,
    worker,
    bus,
    pattern,
  }) => {
    const matching = rules.filter(({ Description }) => Description === name);
    expect(matching).toMatchObject([
      { EventPattern: pattern, EventBusName: bus === 'default' ? 'default' : 'tsunagi-data/Bus' },
    ]);
    const queue = queues.find(
      ({ properties }) => properties.QueueName === `tsunagi-${worker.replace('/', '-')}-events`,
    );
    expect(matching[0]?.Targets).toEqual([
      {
        Id: 'worker',
        Arn: `${queue?.name}.Arn`,
        DeadLetterConfig: { Arn: queue?.properties.RedrivePolicy?.deadLetterTargetArn },
      },
    ]);
    const policies = ofType('AWS::SQS::QueuePolicy').filter(({ properties }) =>
      properties.PolicyDocument.Statement.some(
        (statement) =>
          statement.Effect === 'Allow' &&
          statement.Action === 'sqs:SendMessage' &&
          statement.Condition?.ArnEquals?.['aws:SourceArn']?.includes(matching[0]?.arn ?? ''),
      ),
    );
    // The queue itself and its dead-letter queue.
    expect(policies).toHaveLength(2);
  });

  test('there is a rule for each subscription and each schedule, and none besides', () => {
    expect(rules).toHaveLength(tables.subscriptions.length + tables.schedules.length);
  });

  test.each(tables.schedules)('$worker is started at $expression, and an alarm tells when it keeps failing', ({
    worker,
    expression,
  }) => {
    const fn = functionOf(worker);
    const rule = rules.find(
      ({ ScheduleExpression, Targets }) => ScheduleExpression === expression && Targets[0]?.Arn === `${fn?.name}.Arn`,
    );
    expect(rule).toBeDefined();
    expect(ofType('AWS::Lambda::Permission').map(({ properties }) => properties)).toContainEqual(
      expect.objectContaining({
        FunctionName: `${fn?.name}.Arn`,
        Principal: 'events.amazonaws.com',
        SourceArn: rule?.arn,
      }),
    );
    expect(ofType('AWS::CloudWatch::Alarm').map(({ properties }) => properties)).toContainEqual(
      expect.objectContaining({ MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: fn?.name }] }),
    );
  });

  test.each(
    tables.streamReaders,
  )('$worker reads the stream: bisects, reports partial failures, gives up into a dead-letter queue', (reader) => {
    const [first, ...others] = mappingsOf(reader.worker);
    const mapping = present(first, `a reader of the stream for ${reader.worker}`);
    expect(others).toEqual([]);
    expect(mapping).toMatchObject({
      EventSourceArn: 'tsunagi-data/Table.StreamArn',
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: reader.batchSize,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: reader.maximumRetryAttempts,
    });
    expect(mapping.FilterCriteria.Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([reader.filter]);
    expect(queues.map(({ name }) => `${name}.Arn`)).toContain(mapping.DestinationConfig.OnFailure.Destination);
    expect(ofType('AWS::CloudWatch::Alarm').map(({ properties }) => properties)).toContainEqual(
      expect.objectContaining({
        MetricName: 'IteratorAge',
        Dimensions: [{ Name: 'FunctionName', Value: mapping.FunctionName }],
      }),
    );
  });

  test('only a worker that may send to a queue it reads is exempt from the cut that Lambda makes in loops', () => {
    const exempt = functions
      .filter(({ properties }) => properties.RecursiveLoop === 'Allow')
      .map(({ properties }) => properties.Handler);
    const looping = tables.queues.filter(({ name, worker }) =>
      tables.workers.find(({ id }) => id === worker)?.uses.includes(`queue:${name}`),
    );
    expect(exempt.sort()).toEqual([...new Set(looping.map(({ worker }) => `${worker}.handler`))].sort());
  });

  test('the seeding worker runs with the deployment', () => {
    const seeds = ofType('Custom::TsunagiSeed').map(({ properties }) => properties);
    expect(seeds).toEqual([
      {
        ServiceToken: `${functionOf('account/seed')?.name}.Arn`,
        ServiceTimeout: '300',
        Version: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
  });
});
