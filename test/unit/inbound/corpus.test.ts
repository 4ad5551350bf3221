import { describe, expect, test } from 'vitest';
import { readMail } from '../../../lib/inbound/parse.ts';
import { from, inCharset, mailOf, plain } from './mails.ts';

const text = 'お世話になっております。髙橋①㈱のタグの件です。';
const base64 = (bytes: Buffer) => bytes.toString('base64');

describe('the text of a mail, in every charset and with every lie about it', () => {
  test.each([
    ['UTF-8', 'utf-8', inCharset(text, 'UTF8')],
    ['ISO-2022-JP with signs of MS', 'iso-2022-jp', inCharset(text, 'JIS')],
    ['ISO-2022-JP-MS', 'iso-2022-jp-ms', inCharset(text, 'JIS')],
    ['CP50221', 'cp50221', inCharset(text, 'JIS')],
    ['Shift_JIS', 'Shift_JIS', inCharset(text, 'SJIS')],
    ['Windows-31J', 'windows-31j', inCharset(text, 'SJIS')],
    ['EUC-JP', 'euc-jp', inCharset(text.replace('髙', '高'), 'EUCJP')],
    ['no charset, UTF-8', undefined, inCharset(text, 'UTF8')],
    ['no charset, ISO-2022-JP', undefined, inCharset(text, 'JIS')],
    ['no charset, Shift_JIS', undefined, inCharset(text, 'SJIS')],
    ['no charset, EUC-JP', undefined, inCharset(text.replace('髙', '高'), 'EUCJP')],
    ['UTF-8 that is ISO-2022-JP', 'utf-8', inCharset(text, 'JIS')],
    ['UTF-8 that is Shift_JIS', 'utf-8', inCharset(text, 'SJIS')],
    ['ISO-2022-JP that is UTF-8', 'iso-2022-jp', inCharset(text, 'UTF8')],
    ['ISO-2022-JP that is Shift_JIS', 'iso-2022-jp', inCharset(text, 'SJIS')],
    ['Shift_JIS that is UTF-8', 'shift_jis', inCharset(text, 'UTF8')],
    ['ISO-8859-1 that is UTF-8', 'iso-8859-1', inCharset(text, 'UTF8')],
    ['ISO-8859-1 that is Shift_JIS', 'iso-8859-1', inCharset(text, 'SJIS')],
    ['a charset that there is not', 'x-unheard-of', inCharset(text, 'SJIS')],
    ['US-ASCII that is UTF-8', 'us-ascii', inCharset(text, 'UTF8')],
  ])('%s', (_, charset, bytes) => {
    expect(readMail(mailOf([from, plain(charset)], bytes)).text.replace('高', '髙')).toBe(text);
  });

  test('a broken byte costs its letter, not the text', () => {
    const bytes = Buffer.concat([inCharset('請求書を', 'UTF8'), Buffer.from([0xff]), inCharset('送ります', 'UTF8')]);
    const read = readMail(mailOf([from, plain('utf-8')], bytes)).text;
    expect(read).toContain('請求書を');
    expect(read).toContain('送ります');
  });

  test('West European letters are not taken for Japanese', () => {
    const bytes = Buffer.from('Grüße aus Köln, schöne Feiertage', 'latin1');
    expect(readMail(mailOf([plain('iso-8859-1')], bytes)).text).toBe('Grüße aus Köln, schöne Feiertage');
  });

  test('the charset of HTML stands in the HTML', () => {
    const html = inCharset('<html><head><meta charset="Shift_JIS"></head><body>御中</body></html>', 'SJIS');
    expect(readMail(mailOf(['Content-Type: text/html'], html)).text).toBe('御中');
  });

  test('whoever chooses another charset gets the text by it', () => {
    const raw = mailOf([plain('utf-8')], inCharset('ﾃｽﾄ', 'SJIS'));
    expect(readMail(raw, { charset: 'shift_jis' }).text).toBe('ﾃｽﾄ');
  });
});

describe('headers', () => {
  const subject = (...lines: (string | Buffer)[]) => readMail(mailOf(lines, 'x')).subject;
  const utf8 = inCharset('日本語の件名', 'UTF8');

  test('encoded words that are cut inside a character', () => {
    const words = [utf8.subarray(0, 4), utf8.subarray(4, 10), utf8.subarray(10)].map(
      (piece) => `=?utf-8?B?${base64(piece)}?=`,
    );
    expect(subject(`Subject: ${words.join('\r\n ')}`)).toBe('日本語の件名');
  });
  test('quoted-printable words, and words among others', () => {
    expect(subject('Subject: Re: =?UTF-8?Q?=E6=97=A5=E6=9C=AC?= (2)')).toBe('Re: 日本 (2)');
  });
  test('ISO-2022-JP words with signs of MS', () => {
    expect(subject(`Subject: =?ISO-2022-JP?B?${base64(inCharset('㈱髙橋①', 'JIS'))}?=`)).toBe('㈱髙橋①');
  });
  test.each(['UTF8', 'SJIS', 'JIS'] as const)('bytes of %s that nobody encoded', (charset) => {
    expect(subject(Buffer.concat([Buffer.from('Subject: '), inCharset('ご請求について', charset)]))).toBe(
      'ご請求について',
    );
  });
  test('a word that breaks off is shown as it is', () => {
    expect(subject('Subject: =?utf-8?B?44GC')).toBe('=?utf-8?B?44GC');
  });
  test('addresses whose names hold commas, groups and carriers of old', () => {
    const { to, from: sender } = readMail(
      mailOf(['From: "Tanaka, Taro" <taro@example.com>', 'To: 皆様: "a..b."@docomo.ne.jp, x@example.com;'], ''),
    );
    expect(sender).toEqual({ address: 'taro@example.com', name: 'Tanaka, Taro' });
    expect(to.map(({ address }) => address)).toEqual(['a..b.@docomo.ne.jp', 'x@example.com']);
  });
});

describe('files', () => {
  const withFile = (...lines: string[]) =>
    readMail(
      mailOf(
        ['Content-Type: multipart/mixed; boundary="b"'],
        ['--b', 'Content-Type: text/plain', '', 'Hello', '--b', ...lines, '', 'JVBERg==', '--b--', ''].join('\r\n'),
      ),
    ).files;
  const pdf = ['Content-Type: application/pdf', 'Content-Transfer-Encoding: base64'];

  test.each([
    ['RFC 2231', "Content-Disposition: attachment; filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8.pdf"],
    [
      'RFC 2231 in pieces',
      "Content-Disposition: attachment; filename*0*=UTF-8''%E8%AB%8B; filename*1*=%E6%B1%82%E6%9B%B8; filename*2=.pdf",
    ],
    [
      'an encoded word',
      `Content-Disposition: attachment; filename="=?utf-8?B?${base64(inCharset('請求書.pdf', 'UTF8'))}?="`,
    ],
    ['bytes that nobody encoded', 'Content-Disposition: attachment; filename="請求書.pdf"'],
    ['a folder before it', 'Content-Disposition: attachment; filename="../../請求書.pdf"'],
  ])('a name by %s', (_, disposition) => {
    expect(withFile(...pdf, disposition)).toMatchObject([{ name: '請求書.pdf', bytes: Buffer.from('%PDF') }]);
  });
  test('broken base64 gives what there is of it', () => {
    expect(
      withFile('Content-Type: image/png; name=a.png', 'Content-Transfer-Encoding: base64', '', '!!JV BE'),
    ).toMatchObject([{ name: 'a.png', type: 'image/png' }]);
  });
});

describe('mails that are none', () => {
  test('empty; without a header; NUL bytes', () => {
    expect(readMail(Buffer.alloc(0))).toMatchObject({ text: '', subject: '', files: [] });
    expect(readMail(Buffer.from('こんにちは')).text).toBe('こんにちは');
    expect(readMail(mailOf([plain()], 'a\0b')).text).toBe('ab');
  });
  test('a boundary without an end, and one that never comes', () => {
    const open = mailOf(['Content-Type: multipart/mixed; boundary=b'], '--b\r\n\r\nHello\r\nworld');
    expect(readMail(open).text).toBe('Hello\nworld');
    expect(readMail(mailOf(['Content-Type: multipart/mixed; boundary=b'], 'Hello')).files).toHaveLength(1);
  });
  test('2,000 headers', () => {
    const many = Array.from({ length: 2000 }, (_, n) => `X-Field-${n}: ${n}`);
    expect(readMail(mailOf([...many, 'Subject: at the end'], 'x')).subject).toBe('at the end');
  });
  test('parts in parts, a hundred deep', () => {
    const open = Array.from(
      { length: 100 },
      (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
    );
    const read = readMail(Buffer.from(`${open.join('')}Content-Type: text/plain\r\n\r\ndeep`));
    expect(read.files.length + read.text.length).toBeGreaterThan(0);
  });
  test('30 MB with a file', () => {
    const content = Buffer.alloc(22_000_000, 1).toString('base64');
    const raw = mailOf(
      ['Content-Type: multipart/mixed; boundary=b'],
      `--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${content}\r\n--b--`,
    );
    expect(readMail(raw).files).toMatchObject([{ name: 'a.zip', bytes: { length: 22_000_000 } }]);
  });
});
