import { describe, expect, it } from 'vitest';
import { Faults } from '../../../cdk/local/services/faults.ts';

const strikes = (faults: Faults, calls: number) =>
  Array.from({ length: calls }, () => faults.decide('sqs', 'SendMessage')?.kind ?? '-').join('');

describe('a fault', () => {
  it('strikes at its rate, and the same calls for the same seed', () => {
    const runs = [7, 7, 8].map((seed) => {
      const faults = new Faults();
      faults.add({ service: 'sqs', kind: 'drop', rate: 0.5, seed });
      return strikes(faults, 100);
    });
    expect(runs[0]).toBe(runs[1]);
    expect(runs[0]).not.toBe(runs[2]);
    const hits = (runs[0] ?? '').match(/drop/g)?.length ?? 0;
    expect(hits).toBeGreaterThan(30);
    expect(hits).toBeLessThan(70);
  });

  it('is over after its count, strikes only its service and action, and can be cleared', () => {
    const faults = new Faults();
    faults.add({ service: 'sqs', kind: 'drop', rate: 1, count: 2, action: 'SendMessage' });
    expect(faults.decide('sqs', 'ReceiveMessage')).toBeUndefined();
    expect(faults.decide('events', 'SendMessage')).toBeUndefined();
    expect(strikes(faults, 4)).toBe('dropdrop--');
    faults.add({ service: 'sqs', kind: 'timeoutAfterCommit', rate: 1 });
    expect(faults.decide('sqs', 'DeleteMessage')?.kind).toBe('timeoutAfterCommit');
    expect(faults.list().map(({ kind, hits }) => [kind, hits])).toEqual([
      ['drop', 2],
      ['timeoutAfterCommit', 1],
    ]);
    faults.clear();
    expect(faults.decide('sqs', 'DeleteMessage')).toBeUndefined();
  });

  it('that does not exist is refused', () => {
    const faults = new Faults();
    expect(() => faults.add({ service: 'kinesis', kind: 'drop', rate: 1 })).toThrow();
    expect(() => faults.add({ service: 'sqs', kind: 'explode', rate: 1 })).toThrow();
    expect(() => faults.add({ service: 'sqs', kind: 'drop', rate: 2 })).toThrow();
  });

  it('throttles each service in its own words', () => {
    const answer = (service: string, action: string) => {
      const faults = new Faults();
      faults.add({ service, kind: 'throttle', rate: 1, seed: 1 });
      const fault = faults.decide(service as 'sqs', action);
      return fault && 'error' in fault ? fault.error.toResponse() : undefined;
    };
    expect(answer('events', 'PutEvents')).toMatchObject({
      statusCode: 400,
      body: expect.stringContaining('ThrottlingException'),
    });
    expect(answer('sqs', 'SendMessage')?.headers['x-amzn-query-error']).toBe('RequestThrottled;Sender');
    expect(answer('ses', 'SendRawEmail')?.body).toContain('<Code>Throttling</Code>');
    expect(answer('slack', 'post')).toMatchObject({ statusCode: 429, headers: { 'retry-after': '1' } });
  });

  it("is Salesforce's page or its error for too many long requests, as it happens", () => {
    const faults = new Faults();
    faults.add({ service: 'salesforce', kind: 'throttle', rate: 1, seed: 1 });
    const answers = Array.from({ length: 20 }, () => faults.decide('salesforce', 'query')).map((fault) => {
      const answer = fault && 'error' in fault ? fault.error.toResponse() : undefined;
      return `${answer?.statusCode} ${answer?.headers['content-type']} ${answer?.body.includes('ConcurrentPerOrgLongTxn')}`;
    });
    expect([...new Set(answers)].sort()).toEqual([
      '403 application/json;charset=UTF-8 true',
      '503 text/html;charset=UTF-8 false',
    ]);
  });

  it('cancels a transaction with one reason for each item', () => {
    const faults = new Faults();
    faults.add({ service: 'dynamodb', kind: 'throttle', rate: 1, seed: 1 });
    const types = new Set<string>();
    const codes = new Set<string>();
    for (let call = 0; call < 100; call += 1) {
      const fault = faults.decide('dynamodb', 'TransactWriteItems', { TransactItems: [{}, {}, {}] });
      if (fault?.kind !== 'throttle') continue;
      const body = fault.error.toJson() as { __type: string; CancellationReasons?: { Code: string }[] };
      types.add(body.__type.replace(/.*#/, ''));
      if (!body.CancellationReasons) continue;
      expect(body.CancellationReasons).toHaveLength(3);
      const struck = body.CancellationReasons.filter(({ Code }) => Code !== 'None');
      expect(struck).toHaveLength(1);
      for (const { Code } of struck) codes.add(Code);
    }
    expect([...types].sort()).toEqual([
      'ProvisionedThroughputExceededException',
      'ThrottlingException',
      'TransactionCanceledException',
    ]);
    expect([...codes].sort()).toEqual(['ThrottlingError', 'TransactionConflict']);
  });

  it('never cancels a transaction for an action that is none', () => {
    const faults = new Faults();
    faults.add({ service: 'dynamodb', kind: 'throttle', rate: 1, seed: 1 });
    const types = Array.from({ length: 50 }, () => {
      const fault = faults.decide('dynamodb', 'GetItem');
      return fault && 'error' in fault ? fault.error.type : '';
    });
    expect(types.some((type) => type.includes('Transaction'))).toBe(false);
  });
});

describe('what befalls a delivery', () => {
  it('may be all at once, and requests take no notice', () => {
    const faults = new Faults();
    for (const kind of ['duplicate', 'reorder', 'drop'])
      faults.add({ service: 'events', kind, rate: 1, count: 1, seed: 3, action: 'deliver' });
    expect(faults.decide('events', 'PutEvents')).toBeUndefined();
    const struck = faults.delivery('events');
    expect(struck).toMatchObject({ duplicate: true, reorder: true, drop: true });
    const items = Array.from({ length: 30 }, (_, index) => index);
    expect(struck.order(items)).not.toEqual(items);
    expect([...struck.order(items)].sort((a, b) => a - b)).toEqual(items);
    expect(faults.delivery('events')).toMatchObject({ duplicate: false, reorder: false, drop: false, delayMs: 0 });
  });
});
