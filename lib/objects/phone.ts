import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { dialled } from './phone-words.ts';

/** A number that can be dialled (E.164), and the extension behind it. */
export type Phone = { readonly e164?: string; readonly extension?: string };

/** Reads a number as people in Japan write it: full width, with 代表 or 内線, with or without the country. */
export function readPhone(typed: string): Phone {
  const { number, extension } = dialled(typed);
  const parsed = parsePhoneNumberFromString(number, 'JP');
  return { ...(parsed && { e164: parsed.number }), ...(extension && { extension }) };
}
