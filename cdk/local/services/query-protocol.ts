import { randomUUID } from 'node:crypto';
import { WireError, type WireResponse } from './wire-error.ts';

const namespace = 'http://ses.amazonaws.com/doc/2010-12-01/';

/** Text as it may stand between tags. */
export function escapeXml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // XML 1.0 cannot carry most control characters, not even escaped.
      .replaceAll(/(?![\t\n\r])\p{Cc}/gu, '\ufffd')
  );
}

/** An SES v1 error: XML, as the AWS Query protocol wants it. */
export class QueryError extends WireError {
  override toResponse(): WireResponse {
    const fault = this.statusCode < 500 ? 'Sender' : 'Receiver';
    const error = `<Error><Type>${fault}</Type><Code>${escapeXml(this.type)}</Code><Message>${escapeXml(this.message)}</Message></Error>`;
    const body = `<ErrorResponse xmlns="${namespace}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
    return { statusCode: this.statusCode, headers: { 'content-type': 'text/xml', ...this.headers }, body };
  }
}

/** An SES v1 answer around `result`, which is XML already. */
export function queryResponse(action: string, result: string): string {
  return `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`;
}

/** `Tags.member.1.Name`, `Tags.member.2.Name` … → their values in order. */
export function memberValues(form: URLSearchParams, prefix: string, suffix = ''): string[] {
  const values: string[] = [];
  for (let index = 1; ; index += 1) {
    const value = form.get(`${prefix}.member.${index}${suffix}`);
    if (value === null) return values;
    values.push(value);
  }
}
