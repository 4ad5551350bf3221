import {
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  ListTemplatesCommand,
  SESClient,
  SendEmailCommand,
  SendRawEmailCommand,
  VerifyEmailIdentityCommand,
} from '@aws-sdk/client-ses';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { given, queue, queueArn, startEndpoint } from './harness.ts';

const mailEvents = queue('mail-events');
const { services } = given({
  queues: [mailEvents],
  buses: [{ name: 'crm', arn: 'arn:aws:events:us-east-1:000000000000:event-bus/crm' }],
  rules: [
    {
      name: 'mail',
      busName: 'crm',
      enabled: true,
      pattern: { source: ['aws.ses'] },
      targets: [{ id: 'q', arn: queueArn('mail-events') }],
    },
  ],
  configurationSets: [
    { name: 'tracked', eventBusArn: 'arn:aws:events:us-east-1:000000000000:event-bus/crm' },
    { name: 'silent' },
  ],
});

let endpoint: Awaited<ReturnType<typeof startEndpoint>>;
let client: SESClient;

beforeAll(async () => {
  endpoint = await startEndpoint(services);
  client = new SESClient(endpoint.config);
});
beforeEach(() => {
  services.ses.clear();
  services.queues.purge(mailEvents);
});
afterAll(async () => {
  await endpoint.close();
  await services.stop();
});

type MailEvent = {
  'detail-type': string;
  source: string;
  detail: Record<string, never> & { eventType: string; mail: Record<string, unknown> };
};
const events = () => services.queues.receive(mailEvents, 100).map(({ body }) => JSON.parse(body) as MailEvent);

const raw = (lines: string[], more: { Destinations?: string[]; ConfigurationSetName?: string; Source?: string } = {}) =>
  client.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(lines.join('\r\n')) }, ...more }));

describe('a mail', () => {
  it('sent raw is kept with its envelope, headers and bodies, newest first', async () => {
    const { MessageId } = await raw(
      [
        'From: Tsunagi <info@example.com>',
        'To: Taro <taro@example.jp>',
        'Cc: c@example.jp',
        'Bcc: b@example.jp',
        'Subject: =?UTF-8?B?5Lu25ZCN?=',
        'List-Unsubscribe: <https://example.com/u>',
        'X-SES-MESSAGE-TAGS: send=42, kind=bulk',
        '',
        'text',
      ],
      { Source: 'bounces@example.com' },
    );
    await raw(['From: a@example.com', 'Subject: second', '', 'x'], { Destinations: ['only@example.com'] });
    const [second, first] = services.ses.mails();
    expect(first).toMatchObject({
      messageId: MessageId,
      from: 'info@example.com',
      to: ['taro@example.jp'],
      envelope: { from: 'bounces@example.com', to: ['taro@example.jp', 'c@example.jp', 'b@example.jp'] },
      headers: { 'List-Unsubscribe': '<https://example.com/u>', Subject: '件名' },
      subject: '件名',
      text: 'text',
      tags: { send: '42', kind: 'bulk' },
      raw: expect.stringContaining('Subject: =?UTF-8?B?5Lu25ZCN?='),
    });
    expect(second?.envelope.to).toEqual(['only@example.com']);
    expect(services.ses.mails({ limit: 1 })).toHaveLength(1);
    expect(services.ses.mail(MessageId ?? '')?.subject).toBe('件名');
  });

  it('sent by its parts is composed', async () => {
    await client.send(
      new SendEmailCommand({
        Source: '繋ぎ <info@example.com>',
        Destination: { ToAddresses: ['山田 <y@example.jp>'], BccAddresses: ['hidden@example.jp'] },
        ReplyToAddresses: ['r@example.com'],
        Message: {
          Subject: { Data: '件名 <1>\r\nX-Evil: 1' },
          Body: { Text: { Data: '本文'.repeat(100) }, Html: { Data: '<b>本文</b>' } },
        },
        Tags: [{ Name: 'send', Value: '7' }],
      }),
    );
    const [mail] = services.ses.mails();
    expect(mail).toMatchObject({
      from: 'info@example.com',
      to: ['y@example.jp'],
      envelope: { from: 'info@example.com', to: ['y@example.jp', 'hidden@example.jp'] },
      subject: '件名 <1> X-Evil: 1',
      text: '本文'.repeat(100),
      html: '<b>本文</b>',
      tags: { send: '7' },
    });
    expect(mail?.raw).not.toContain('hidden@example.jp');
    expect(mail?.headers['X-Evil']).toBeUndefined();
  });

  it('is told to the bus of its configuration set, and to nobody without one', async () => {
    const lines = ['From: a@example.com', 'To: b@example.com', 'Subject: s', 'X-SES-MESSAGE-TAGS: send=42', '', 'x'];
    await raw(lines);
    await raw(lines, { ConfigurationSetName: 'silent' });
    expect(events()).toEqual([]);
    const { MessageId = '' } = await raw(lines, { ConfigurationSetName: 'tracked' });
    const [sent, delivered] = events();
    expect(sent).toMatchObject({
      'detail-type': 'Email Sent',
      source: 'aws.ses',
      detail: { eventType: 'Send', send: {} },
    });
    expect(delivered).toMatchObject({
      'detail-type': 'Email Delivered',
      resources: ['arn:aws:ses:us-east-1:000000000000:configuration-set/tracked'],
      detail: {
        eventType: 'Delivery',
        delivery: { recipients: ['b@example.com'] },
        mail: {
          messageId: MessageId,
          destination: ['b@example.com'],
          commonHeaders: { subject: 's', to: ['b@example.com'] },
          tags: { send: ['42'], 'ses:configuration-set': ['tracked'], 'ses:from-domain': ['example.com'] },
        },
      },
    });
  });

  it('takes its configuration set from a header, too', async () => {
    await raw(['From: a@example.com', 'To: b@example.com', 'X-SES-CONFIGURATION-SET: tracked', '', 'x']);
    expect(events().map((event) => event['detail-type'])).toEqual(['Email Sent', 'Email Delivered']);
  });

  it('bounces and raises complaints at the addresses of the simulator', async () => {
    const to = ['bounce+x', 'complaint', 'suppressionlist', 'ooto'].map((name) => `${name}@simulator.amazonses.com`);
    await raw(['From: a@example.com', 'Subject: s', '', 'x'], { Destinations: to, ConfigurationSetName: 'tracked' });
    const seen = events();
    expect(seen.map(({ detail }) => detail.eventType)).toEqual(['Send', 'Delivery', 'Bounce', 'Bounce', 'Complaint']);
    expect(seen[1]?.detail).toMatchObject({ delivery: { recipients: [to[1], to[3]] } });
    expect(seen[2]?.detail).toMatchObject({
      bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [{ emailAddress: to[0] }] },
    });
    expect(seen[3]?.detail).toMatchObject({
      bounce: { bounceSubType: 'Suppressed', bouncedRecipients: [{ emailAddress: to[2] }] },
    });
    expect(seen[4]?.detail).toMatchObject({ complaint: { complainedRecipients: [{ emailAddress: to[1] }] } });
  });

  it('can be opened and clicked on demand', async () => {
    const { MessageId = '' } = await raw(['From: a@example.com', 'To: b@example.com', '', 'x'], {
      ConfigurationSetName: 'tracked',
    });
    events();
    expect(services.ses.emit(MessageId, 'Open')).toBe(true);
    expect(services.ses.emit(MessageId, 'Click', { link: 'https://example.com/' })).toBe(true);
    expect(services.ses.emit('none', 'Open')).toBe(false);
    const seen = events();
    expect(seen.map((event) => event['detail-type'])).toEqual(['Email Opened', 'Email Clicked']);
    expect(seen[1]?.detail).toMatchObject({ click: { link: 'https://example.com/' }, mail: { messageId: MessageId } });
  });
});

describe('the mail service', () => {
  it('refuses what SES refuses, by its names', async () => {
    const lines = ['From: a@example.com', '', 'x'];
    await expect(raw(lines)).rejects.toThrow('no destinations');
    await expect(raw(lines, { Destinations: ['nobody'] })).rejects.toThrow("Missing final '@domain'");
    await expect(raw(lines, { Destinations: ['名前@example.com'] })).rejects.toThrow('Local address');
    await expect(
      raw(lines, { Destinations: Array.from({ length: 51 }, (_, index) => `r${index}@example.com`) }),
    ).rejects.toMatchObject({ name: 'MessageRejected' });
    await expect(raw(['To: a@example.com', '', 'x'])).rejects.toThrow("Missing required header 'From'");
    await expect(raw([...lines, 'x'.repeat(10_485_760)], { Destinations: ['b@example.com'] })).rejects.toThrow(
      'Message length',
    );
    await expect(raw(lines, { Destinations: ['b@example.com'], ConfigurationSetName: 'none' })).rejects.toMatchObject({
      name: 'ConfigurationSetDoesNotExistException',
    });
    expect(services.ses.mails()).toEqual([]);
  });

  it('answers quota and identities, and an unknown action at once', async () => {
    await raw(['From: a@example.com', 'To: b@example.com', '', 'x']);
    expect(await client.send(new GetSendQuotaCommand({}))).toMatchObject({ SentLast24Hours: 1, MaxSendRate: 1000 });
    await client.send(new VerifyEmailIdentityCommand({ EmailAddress: 'a@example.com' }));
    const { VerificationAttributes } = await client.send(
      new GetIdentityVerificationAttributesCommand({ Identities: ['a@example.com'] }),
    );
    expect(VerificationAttributes).toEqual({ 'a@example.com': { VerificationStatus: 'Success' } });
    await expect(client.send(new ListTemplatesCommand({}))).rejects.toMatchObject({
      name: 'InvalidAction',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('refuses what is faster or more than the quota that a test sets, and takes nothing of it', async () => {
    const one = () => raw(['From: a@example.com', 'To: b@example.com', '', 'x']);
    const throttled = { name: 'Throttling', $metadata: { httpStatusCode: 400 } };
    services.ses.setQuota({ maxSendRate: 3 });
    expect(await client.send(new GetSendQuotaCommand({}))).toMatchObject({ MaxSendRate: 3 });
    const answers = await Promise.allSettled(Array.from({ length: 8 }, one));
    expect(answers.some(({ status }) => status === 'rejected')).toBe(true);
    expect(services.ses.mails()).toHaveLength(answers.filter(({ status }) => status === 'fulfilled').length);
    services.ses.setQuota({ max24HourSend: 0 });
    await expect(one()).rejects.toMatchObject(throttled);
    services.ses.setQuota({});
    await one();
  });
});
