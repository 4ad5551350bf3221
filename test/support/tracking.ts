import './environment.ts';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { encodeTime } from 'ulid';
import { expect } from 'vitest';
import { handler as collect } from '../../functions/tracking/collect.ts';
import { newHutk, ulid } from '../../lib/tracking/script/ulid.ts';
import { call } from './call.ts';

export const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';

/** The key of signed links, for handlers without a stack. */
export const givenLinkKeys = () => {
  const secrets = mockClient(SecretsManagerClient);
  secrets.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify({ current: '1', '1': 'k'.repeat(64) }) });
  return secrets;
};

export const hutk = newHutk;

/** A page view as the script tells of it, `agoMs` ago. */
export const view = (url: string, { referrer = '', agoMs = 0, id = ulid(Date.now() - agoMs) } = {}) => ({
  type: 'view',
  id,
  url,
  referrer,
  title: 'ページ',
});

/** The id of an event at a time. */
export const idAt = (time: number) => `${encodeTime(time, 10)}${newHutk().slice(0, 16).toUpperCase()}`;

/** What a page sends of a visitor. */
export const sends = (
  visitor: string,
  events: readonly unknown[],
  more: Record<string, unknown> = {},
  agent = chrome,
) =>
  call(collect, {
    url: '/collect',
    body: JSON.stringify({ hutk: visitor, events, ...more }),
    headers: { 'user-agent': agent, 'content-type': 'text/plain;charset=UTF-8' },
  });

const message = (body: unknown) => ({ Records: [{ messageId: '1', receiptHandle: '1', body: JSON.stringify(body) }] });
/** One message to a worker, which takes it. */
export const deliverTo = async (handler: unknown, body: unknown) => {
  const answer = await (handler as (event: unknown) => Promise<unknown>)(message(body));
  expect(answer).toEqual({ batchItemFailures: [] });
};

/** The event of a form that a contact sent, as the bus delivers it. */
export const formSent = (recordId: string, cookie?: string, more: Record<string, unknown> = {}) => ({
  'detail-type': 'form.submitted',
  source: 'tsunagi',
  detail: {
    id: idAt(Date.now()),
    version: 1,
    objectType: '0-1',
    recordId,
    occurredAt: new Date().toISOString(),
    actor: { kind: 'form', id: 'f' },
    cause: [],
    formId: 'f',
    submissionId: idAt(Date.now()),
    submittedAt: new Date().toISOString(),
    values: [],
    ...(cookie && { hutk: cookie }),
    ...more,
  },
});
