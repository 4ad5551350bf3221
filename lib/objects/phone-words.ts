const extensionWord = /(?:内線|ext\.?|extension|#)\s*[:.]?\s*(\d{1,8})/i;
/** Words that people write beside a number; a parser would take none of the number with them. */
const words =
  /\(代\)|代表|直通|携帯|自宅|会社|勤務先|内線|電話番号|電話|番号|fax|ファックス|ファクス|tel|mobile|phone|[:【】[\]]/gi;
const hyphens = /[‐‑‒–—―−ー─━]/g;

/** The part of a text that is dialled, narrow and with plain hyphens, and the extension behind it. */
export function dialled(typed: string): { readonly number: string; readonly extension?: string } {
  const text = typed.normalize('NFKC');
  const extension = extensionWord.exec(text)?.[1];
  const number = text
    .replace(extensionWord, ' ')
    .replace(/\(0\)/g, ' ')
    .replace(words, ' ')
    .replace(hyphens, '-')
    .replace(/\(\s*\)/g, ' ')
    .trim();
  return { number, ...(extension !== undefined && { extension }) };
}

/**
 * The digits by which numbers are compared, as they are dialled in Japan whether the country was written or not: 03-1234-5678 and
 * +81 3-1234-5678 → 0312345678. A number of another country has its digits with the country's.
 */
export function phoneDigits(number: string): string {
  const digits = number.replace(/\D/g, '');
  const hasCountry = number.trimStart().startsWith('+') ? digits.startsWith('81') : /^81\d{9,10}$/.test(digits);
  return hasCountry ? `0${digits.slice(2)}` : digits;
}

/** The digits of every number in a value: people write two of them with a slash between. */
export const phonesIn = (typed: string): string[] =>
  typed
    .split(/[/,、;；，／]/)
    .map((one) => phoneDigits(dialled(one).number))
    .filter(Boolean);
