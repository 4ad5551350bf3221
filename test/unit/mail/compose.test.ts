import { expect, test } from 'vitest';
import { isAddress } from '../../../lib/mail/address.ts';
import { compose, composeBulk, textOf } from '../../../lib/mail/compose.ts';

const mail = {
  from: 'crm@example.co.jp',
  to: ['a@example.co.jp', 'b@example.co.jp'],
  subject: '【重要】お問い合わせ',
  body: 'こんにちは',
};

const decoded = (raw: string) => {
  const encoded = [...raw.matchAll(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi)].map(([, kind, text = '']) =>
    kind?.toUpperCase() === 'B'
      ? Buffer.from(text, 'base64')
      : Buffer.from(
          text
            .replaceAll('_', ' ')
            .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        ),
  );
  return Buffer.concat(encoded).toString('utf8');
};

test('a message carries its tag, its readers and a Japanese subject that any server passes on', async () => {
  const raw = (await compose(mail, '7-e1-101-3')).toString('latin1');
  const [head = ''] = raw.split('\r\n\r\n');
  expect(head).toMatch(/^X-SES-MESSAGE-TAGS: message=7-e1-101-3\r?$/im);
  expect(head).toMatch(/^To: a@example\.co\.jp, b@example\.co\.jp\r?$/m);
  expect(decoded(head.replace(/\r\n\s/g, ''))).toBe(mail.subject);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: only ASCII may go over the wire
  expect(raw).toMatch(/^[\x00-\x7f]*$/);
});

test('an HTML body comes with a text for those who read no HTML', async () => {
  const raw = (await compose({ ...mail, body: '<p>Hello<br>there</p>' }, 'k')).toString('utf8');
  expect(raw).toContain('multipart/alternative');
  expect(raw).toContain('Content-Type: text/html; charset=utf-8');
  expect(textOf('<style>p{}</style><p>Hello<br>there &amp; &lt;you&gt;</p><p>Bye</p>')).toBe(
    'Hello\nthere & <you>\nBye',
  );
});

test('a subject cannot add headers', async () => {
  const raw = (await compose({ ...mail, subject: 'x\r\nBcc: thief@example.com' }, 'k')).toString('utf8');
  expect(raw).not.toMatch(/^Bcc:/m);
});

const bulk = {
  from: { name: 'つなぎ\r\nBcc: thief@example.com', address: 'crm@example.co.jp' },
  to: 'a@example.co.jp',
  subject: 'アンケート\r\nBcc: thief@example.com',
  html: `<p>${'長い段落です。'.repeat(400)}</p>`,
  text: 'こんにちは',
  unsubscribeUrl: `https://public.test/u/${'x'.repeat(300)}`,
  tags: { send: '1', contact: '2' },
  feedbackId: '1:2:email:tsunagi',
};

test('a bulk mail can be left with one click, says who it is about to SES, and says that it is bulk', async () => {
  const raw = (await composeBulk(bulk)).toString('latin1');
  const [head = ''] = raw.split('\r\n\r\n');
  expect(head).toContain(`List-Unsubscribe: <${bulk.unsubscribeUrl}>\r\n`);
  expect(head).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
  expect(head).toMatch(/^X-SES-MESSAGE-TAGS: send=1, contact=2\r$/im);
  expect(head).not.toMatch(/^Bcc:/im);
  expect(head).toMatch(/^Feedback-ID: 1:2:email:tsunagi\r$/im);
  expect(head).toMatch(/^Precedence: bulk\r$/im);
  expect(raw).toContain('multipart/alternative');
  expect(Math.max(...raw.split('\r\n').map(({ length }) => length))).toBeLessThan(998);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: only ASCII may go over the wire
  expect(raw).toMatch(/^[\x00-\x7f]*$/);
});

test.each(['a@b.co', 'tanaka.taro+x@mail.example.co.jp', '担当@例え.jp'])('%s is an address', (text) => {
  expect(isAddress(text)).toBe(true);
});

test.each([
  '',
  'a',
  'a@b',
  'a@@b.co',
  'a b@c.co',
  'a@b.co, c@d.co',
  'a@b.co\r\nBcc: x@y.co',
  '<a@b.co>',
  `${'a'.repeat(65)}@b.co`,
])('%j is none', (text) => {
  expect(isAddress(text)).toBe(false);
});
