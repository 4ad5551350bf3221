import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendRawMail } from '../../../lib/aws/mail.ts';
import { compose } from '../../../lib/mail/compose.ts';
import '../../support/environment.ts';

const ses = mockClient(SESClient);
beforeAll(() => {
  ses.on(SendRawEmailCommand).resolves({ MessageId: '1' });
});
afterAll(() => ses.restore());

test.each([
  'a..b.@docomo.ne.jp',
  '.a@ezweb.ne.jp',
  'a.@docomo.ne.jp',
  'tanaka.taro+x@example.co.jp',
  '"a b"@example.co.jp',
])('the envelope of a mail to %s says the same as its header', async (address) => {
  ses.resetHistory();
  const mail = { from: 'crm@example.co.jp', to: [address], subject: '件名', body: '本文' };
  const raw = await compose(mail, 'tag');
  expect(await sendRawMail(raw, [address])).toMatchObject({ state: 'SENT' });
  const [envelope] = ses.commandCalls(SendRawEmailCommand)[0]?.args[0].input.Destinations ?? [];
  const header = /^To: <?(.*?)>?\r?$/m.exec(raw.toString('latin1'))?.[1];
  expect(envelope).toBe(header);
});
