import { describe, expect, it } from 'vitest';
import { given } from './harness.ts';

const { services } = given();
const { sinks } = services;
const post = (body: string) => sinks.post('slack', { headers: { 'content-type': 'application/json' }, body });

describe('the Slack sink', () => {
  it('answers as Slack does and lists newest first', () => {
    expect(post('{"text":"一"}')).toMatchObject({ statusCode: 200, body: 'ok' });
    expect(post('{"blocks":[{"type":"divider"}]}')).toMatchObject({ statusCode: 200 });
    for (const bad of ['', '{', '[]', '{}', '{"text":""}', '{"blocks":[]}']) {
      expect(post(bad)).toMatchObject({ statusCode: 400, body: 'invalid_payload' });
    }
    expect(sinks.posts('slack')).toMatchObject([
      { json: { blocks: [{ type: 'divider' }] }, attempts: 1 },
      { json: { text: '一' }, headers: { 'content-type': 'application/json' } },
    ]);
    sinks.clear('slack');
    expect(sinks.posts('slack')).toEqual([]);
  });

  it('keeps a repeated client_msg_id once and counts the attempts', () => {
    for (const client_msg_id of ['a', 'a', 'b', 'a']) post(JSON.stringify({ text: 'x', client_msg_id }));
    expect(sinks.posts('slack').map(({ attempts }) => attempts)).toEqual([1, 3]);
  });
});

describe('the webhook sink', () => {
  it('keeps whatever comes, as often as it comes', () => {
    for (const body of ['not json', '{"client_msg_id":"a"}', '{"client_msg_id":"a"}']) {
      expect(sinks.post('webhooks', { headers: {}, body }).statusCode).toBe(200);
    }
    expect(sinks.posts('webhooks').map(({ body }) => body)).toEqual([
      '{"client_msg_id":"a"}',
      '{"client_msg_id":"a"}',
      'not json',
    ]);
    expect(sinks.posts('webhooks', { limit: 1 })).toHaveLength(1);
  });
});
