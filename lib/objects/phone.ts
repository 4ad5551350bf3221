import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** A number that can be dialled (E.164), and the extension behind it. */
export type Phone = { readonly e164?: string; readonly extension?: string };

const extensionWord = /(?:内線|ext\.?|extension|#)\s*[:.]?\s*(\d{1,8})/i;
/** Words that people write beside a number; the parser would take none of the number with them. */
const words = /代表|直通|携帯|自宅|会社|内線|電話番号|電話|番号|fax|tel|mobile|phone|[:()【】[\]]/gi;

/** Reads a number as people in Japan write it: full width, with 代表 or 内線, with or without the country. */
export function readPhone(typed: string): Phone {
  const text = typed.normalize('NFKC');
  const extension = extensionWord.exec(text)?.[1];
  const dialled = text.replace(extensionWord, ' ').replace(/\(0\)/g, ' ').replace(words, ' ').trim();
  const parsed = parsePhoneNumberFromString(dialled, 'JP');
  return { ...(parsed && { e164: parsed.number }), ...(extension && { extension }) };
}
