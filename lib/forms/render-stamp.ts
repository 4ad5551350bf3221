import { createHmac, timingSafeEqual } from 'node:crypto';
import { derivedSecret } from '../links/link.ts';

/** A page that is older was forgotten in a tab, or kept by a program: it gets a fresh stamp. */
const longestMs = 48 * 60 * 60 * 1000;

const signatureOf = (secret: string, formId: string, at: string) =>
  createHmac('sha256', secret).update(`${formId}\n${at}`).digest('base64url');

/** When a form's page was made, signed: what the time trap goes by. About 60 characters. */
export async function newStamp(formId: string, now: string): Promise<string> {
  const own = await derivedSecret('form-stamp');
  if (!own) throw new Error('The signing keys name a current one that is not there');
  const at = Date.parse(now).toString(36);
  return [own.kid, at, signatureOf(own.secret, formId, at)].join('.');
}

/** How long ago the page was made, in milliseconds; undefined for a stamp that is forged, of another form, or two days old. */
export async function stampAge(formId: string, stamp: string, now: string): Promise<number | undefined> {
  const [kid = '', at = '', signature = '', ...rest] = stamp.split('.');
  const own = rest.length > 0 ? undefined : await derivedSecret('form-stamp', kid);
  if (!own) return undefined;
  const expected = Buffer.from(signatureOf(own.secret, formId, at));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const age = Date.parse(now) - Number.parseInt(at, 36);
  return age <= longestMs ? age : undefined;
}
