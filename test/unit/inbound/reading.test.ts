import { describe, expect, test } from 'vitest';
import { automaticKind, bounceOf, verdictsOf, wentInCircles } from '../../../lib/inbound/automatic.ts';
import { fingerprint, readMail } from '../../../lib/inbound/parse.ts';
import { ownText } from '../../../lib/inbound/quoting.ts';
import { sanitised } from '../../../lib/inbound/sanitise.ts';
import { mailOf } from './mails.ts';

const read = (...header: string[]) => readMail(mailOf(['From: a@example.co.jp', ...header], 'x'));

describe('what is new in a text', () => {
  test.each([
    ['quoted lines', '承知しました。\n> 以前の文\n> その続き'],
    ['Gmail in Japanese', '承知しました。\n\n2022年12月1日(木) 10:00 田中 <tanaka@example.co.jp>:\n\n前の文'],
    ['Gmail in two lines', '承知しました。\n\n2022年12月1日(木) 10:00 田中 太郎\n<tanaka@example.co.jp>:\n前の文'],
    ['Gmail in English', '承知しました。\n\nOn Thu, Dec 1, 2022 at 10:00 AM Taro <t@example.com> wrote:\n\nold'],
    ['Outlook', '承知しました。\n\n差出人: 田中\n送信日時: 2022年12月1日 10:00\n宛先: 鈴木\n件名: タグ\n\n前の文'],
    ['Outlook of old', '承知しました。\n\n-----Original Message-----\nFrom: x\nold'],
  ])('before %s', (_, text) => {
    expect(ownText(text)).toEqual({ text: '承知しました。', hasQuote: true });
  });
  test('a mail without a quotation is whole; so is one that is nothing else', () => {
    expect(ownText('宛先: 東京都\nよろしく')).toEqual({ text: '宛先: 東京都\nよろしく', hasQuote: false });
    expect(ownText('> 転送します')).toEqual({ text: '> 転送します', hasQuote: false });
  });
});

describe('what programs write', () => {
  test.each([
    ['AUTO_REPLY', ['Auto-Submitted: auto-replied']],
    ['AUTO_REPLY', ['X-Autoreply: yes']],
    ['AUTO_REPLY', ['Precedence: auto_reply']],
    ['AUTO_REPLY', ['Subject: =?utf-8?B?5LiN5Zyo6YCa55+l?=']],
    ['AUTO_REPLY', ['Subject: 【自動返信】お問い合わせありがとうございます']],
    ['AUTO_REPLY', ['Subject: Re: Out of office']],
    ['BULK', ['List-Id: <news.example.com>']],
    ['BOUNCE', ['Content-Type: multipart/report; report-type=delivery-status; boundary=b']],
    [undefined, ['Auto-Submitted: no', 'Subject: 不在票について']],
    [undefined, ['Subject: 自動車保険の件']],
  ])('%s: %j', (kind, header) => {
    expect(automaticKind(read(...header))).toBe(kind);
  });

  test('a bounce names what did not arrive; a delay is none', () => {
    const report = (action: string) =>
      readMail(
        mailOf(
          [
            'From: MAILER-DAEMON@example.com',
            'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
          ],
          `--b\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: ${action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 unknown\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ours@tsunagi.example>\r\n\r\nold\r\n--b--`,
        ),
      );
    expect(bounceOf(report('failed'))).toEqual({ messageIds: ['ours@tsunagi.example'], reason: '5.1.1 550 unknown' });
    expect(bounceOf(report('delayed')).messageIds).toEqual([]);
  });
  test('what goes in circles is seen; only the first verdict of SES counts', () => {
    expect(wentInCircles(read(...Array.from({ length: 41 }, () => 'Received: from x')))).toBe(true);
    expect(verdictsOf(read('X-SES-Spam-Verdict: PASS', 'X-SES-Spam-Verdict: FAIL'))).toEqual({
      isSpam: false,
      hasVirus: false,
    });
  });
});

test('two deliveries of a mail are one; another mail with its id is another one', () => {
  const delivered = (hop: string, body: string) => {
    const raw = mailOf([`Received: ${hop}`, 'Message-ID: <1@example.com>', 'From: a@example.com'], body);
    return fingerprint(raw, readMail(raw));
  };
  expect(delivered('from a', 'x')).toBe(delivered('from b', 'x'));
  expect(delivered('from a', 'x')).not.toBe(delivered('from a', 'y'));
});

test('HTML shows nothing but itself', () => {
  const html =
    '<p onclick="x()" style="color:red;position:fixed">A</p><script>x()</script><img src="https://track.example/1.gif"><img src="cid:logo"><a href="javascript:x()">B</a><a href="https://example.com">C</a><form action="/x"><input></form><style>p{}</style><iframe src="//x"></iframe>';
  expect(sanitised(html)).toBe(
    '<p style="color:red">A</p><img src="cid:logo" /><a rel="noopener noreferrer nofollow" target="_blank">B</a><a href="https://example.com" rel="noopener noreferrer nofollow" target="_blank">C</a>',
  );
  expect(
    sanitised('<p>新</p><blockquote type="cite">旧</blockquote><div class="gmail_quote">旧</div>', {
      withoutQuotation: true,
    }),
  ).toBe('<p>新</p>');
});
