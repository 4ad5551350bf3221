import { describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../cdk/local/services/event-bus.ts';
import { type InputShape, shapeInput } from '../../../cdk/local/services/input-transform.ts';

const event: BusEvent = {
  version: '0',
  id: 'e1',
  'detail-type': 'record.updated',
  source: 'tsunagi',
  account: '000000000000',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: { name: '"A" 社', count: 3, items: [{ id: 'x' }], empty: null },
};
const shaped = (shape: InputShape): unknown =>
  JSON.parse(shapeInput(shape, event, { name: 'rule', arn: 'arn:rule', now: 0 }));

describe("a target's input", () => {
  it('is the whole event unless the rule says otherwise', () => {
    expect(shaped({})).toEqual(event);
    expect(shaped({ input: '{"constant":true}' })).toEqual({ constant: true });
    expect(shaped({ inputPath: '$.detail.items[0]' })).toEqual({ id: 'x' });
  });

  it('is filled from a template: text inside quotes, JSON outside', () => {
    const inputTransformer = {
      inputPathsMap: {
        name: '$.detail.name',
        count: '$.detail.count',
        items: '$.detail.items',
        missing: '$.detail.nothing',
      },
      inputTemplate:
        '{"line": "<name> has <count> \\"items\\" <missing>", "name": <name>, "count": <count>, "items": <items>, "rule": <aws.events.rule-name>, "event": <aws.events.event.json>}',
    };
    expect(shaped({ inputTransformer })).toEqual({
      line: '"A" 社 has 3 "items" ',
      name: '"A" 社',
      count: 3,
      items: [{ id: 'x' }],
      rule: 'rule',
      event,
    });
  });
});
