import { afterEach, describe, expect, it } from 'vitest';
import type { Rule } from '../../../cdk/local/services/event-bus.ts';
import { functionArn, given } from './harness.ts';

const minute = 60_000;
const rule = (schedule: string, more: Partial<Rule['targets'][number]> = {}): Rule => ({
  name: 'sweep',
  busName: 'default',
  enabled: true,
  schedule,
  targets: [{ id: 'f', arn: functionArn('worker'), ...more }],
});

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
});

function open(schedule: Rule) {
  const { services, functions, stream } = given({ rules: [schedule] });
  stop = () => services.stop();
  services.start(stream);
  return { services, functions };
}

describe('a schedule', () => {
  it('fires once for each period that the clock is moved over, with the event of EventBridge', async () => {
    const { services, functions } = open(rule('rate(1 minute)'));
    await services.settled();
    expect(functions.calls).toEqual([]);
    services.clock.advance(5 * minute);
    await services.settled();
    expect(functions.calls).toHaveLength(5);
    expect(functions.calls[0]).toEqual({
      functionId: 'worker',
      payload: {
        version: '0',
        id: expect.any(String),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: 'us-east-1',
        resources: ['arn:aws:events:us-east-1:000000000000:rule/sweep'],
        detail: {},
      },
    });
  });

  it('does not pile up more than sixty firings', async () => {
    const { services, functions } = open(rule('rate(1 minute)'));
    services.clock.advance(24 * 60 * minute);
    await services.settled();
    expect(functions.calls).toHaveLength(60);
    services.clock.advance(minute);
    await services.settled();
    expect(functions.calls).toHaveLength(61);
  });

  it('by cron fires at its moments, with its own input', async () => {
    const { services, functions } = open(rule('cron(0 9 * * ? *)', { input: '{"daily":true}' }));
    services.clock.advance(3 * 24 * 60 * minute);
    await services.settled();
    expect(functions.calls.map(({ payload }) => payload)).toEqual([{ daily: true }, { daily: true }, { daily: true }]);
  });

  it('for one moment fires once', async () => {
    const moment = new Date(Date.now() + 10 * minute).toISOString().slice(0, 19);
    const { services, functions } = open(rule(`at(${moment})`));
    services.clock.advance(20 * minute);
    services.clock.advance(20 * minute);
    await services.settled();
    expect(functions.calls).toHaveLength(1);
  });

  it('that is disabled never fires, and one that is malformed does not start', async () => {
    const { services, functions } = open({ ...rule('rate(1 minute)'), enabled: false });
    services.clock.advance(5 * minute);
    await services.settled();
    expect(functions.calls).toEqual([]);
    expect(() => given({ rules: [rule('rate(1 minutes)')] })).toThrow('rate(1 minutes)');
  });
});
