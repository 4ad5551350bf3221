import Encoding from 'encoding-japanese';

/** A text in a charset, as bytes. `JIS` is ISO-2022-JP. */
export const inCharset = (text: string, to: 'JIS' | 'SJIS' | 'EUCJP' | 'UTF8'): Buffer =>
  Buffer.from(Encoding.convert(Encoding.stringToCode(text), { from: 'UNICODE', to }));

/** A mail of header lines and a body. Lines of a header are text in one byte a letter. */
export const mailOf = (header: readonly (string | Buffer)[], body: string | Buffer): Buffer =>
  Buffer.concat([
    ...header.flatMap((line) => [Buffer.from(line as string), Buffer.from('\r\n')]),
    Buffer.from('\r\n'),
    Buffer.from(body as string),
  ]);

export const from = 'From: =?ISO-2022-JP?B?GyRCRURDZhsoQg==?= <tanaka@example.co.jp>';
export const plain = (charset?: string) => `Content-Type: text/plain${charset ? `; charset=${charset}` : ''}`;
