import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { describe, expect, it, test } from 'vitest';
import { decodeWords, parseAddresses } from '../../../cdk/local/services/mail-header.ts';
import { parseMail } from '../../../cdk/local/services/mime.ts';

describe('a mail', () => {
  it('made by a mail composer is read back: Japanese text, HTML, attachment', async () => {
    const subject = 'お問い合わせありがとうございます。担当者より三営業日以内にご連絡いたします（自動返信）';
    const raw = await new MailComposer({
      from: '株式会社つなぎ <info@example.com>',
      to: ['"山田, 太郎" <taro@example.jp>', 'b@example.com'],
      cc: 'c@example.com',
      subject,
      text: '本文です。\n二行目。',
      html: '<p>本文です。</p>',
      headers: { 'List-Unsubscribe': '<https://example.com/u>' },
      attachments: [{ filename: '見積書.txt', content: 'abc' }],
    })
      .compile()
      .build();
    const mail = parseMail(raw);
    expect(mail).toMatchObject({
      subject,
      from: 'info@example.com',
      to: ['taro@example.jp', 'b@example.com'],
      cc: ['c@example.com'],
    });
    expect(mail.text?.trim()).toBe('本文です。\n二行目。');
    expect(mail.html?.trim()).toBe('<p>本文です。</p>');
    expect(mail.attachments).toEqual([{ filename: '見積書.txt', contentType: 'text/plain', size: 3 }]);
    expect(mail.headers).toContainEqual({ name: 'List-Unsubscribe', value: '<https://example.com/u>' });
  });

  it('in ISO-2022-JP is read', () => {
    const raw = Buffer.concat([
      Buffer.from(
        'Subject: =?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n',
      ),
      Buffer.from('1b2442467c4b5c1b2842', 'hex'),
    ]);
    expect(parseMail(raw)).toMatchObject({ subject: '日本', text: '日本' });
  });

  it('with raw UTF-8 in header and body is read', () => {
    const mail = parseMail(Buffer.from('From: a@example.com\nSubject: 件名\n\n本文'));
    expect(mail).toMatchObject({ subject: '件名', text: '本文', from: 'a@example.com' });
  });

  test.each([
    ['no headers', '\r\nonly a body'],
    ['an unclosed multipart', 'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nonly a body'],
    ['an unknown charset', 'Content-Type: text/plain; charset=klingon\r\n\r\nonly a body'],
  ])('that is broken (%s) is shown as far as it goes', (_, source) => {
    expect(parseMail(Buffer.from(source)).text).toBe('only a body');
  });

  it('that is empty, or a multipart without a boundary, is no error', () => {
    expect(parseMail(Buffer.alloc(0))).toMatchObject({ subject: '', to: [], text: '' });
    expect(parseMail(Buffer.from('Content-Type: multipart/mixed\r\n\r\nbody')).attachments).toHaveLength(1);
  });
});

describe('a header', () => {
  it('whose characters are split between encoded words is joined before it is read', () => {
    const [first, second] = [Buffer.from('日本').subarray(0, 4), Buffer.from('日本').subarray(4)];
    expect(
      decodeWords(`=?utf-8?B?${first.toString('base64')}?=\r\n =?UTF-8?B?${second.toString('base64')}?= end`),
    ).toBe('日本 end');
    expect(decodeWords('=?utf-8?Q?caf=C3=A9_au?= =?iso-8859-1?q?_lait_=E9?=')).toBe('café au lait é');
    expect(decodeWords('a =?broken')).toBe('a =?broken');
  });

  test.each([
    ['a@example.com', ['a@example.com']],
    ['"B, C" <b@example.com>, d@example.com (D, the (old) one)', ['b@example.com', 'd@example.com']],
    ['"quoted \\" <x@y>" <e@example.com>', ['e@example.com']],
    ['Team: f@example.com, g@example.com;', ['f@example.com', 'g@example.com']],
    ['undisclosed-recipients:;', []],
  ])('%s holds the addresses %j', (header, addresses) => {
    expect(parseAddresses(header)).toEqual(addresses);
  });
});
