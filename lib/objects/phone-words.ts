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
 * The digits under which a number is found, national and with the country: 03-1234-5678 → 0312345678 and 81312345678. A number of
 * another country, or no number at all, has its digits as they stand.
 */
export function phoneDigits(typed: string): string[] {
  return typed.split(/[/,、;；，]/).flatMap((one) => {
    const { number } = dialled(one);
    const digits = number.replace(/\D/g, '');
    if (digits === '') return [];
    const abroad = number.startsWith('+') && !digits.startsWith('81');
    if (abroad) return [digits];
    const withCountry = /^81\d{9,10}$/.test(digits);
    if (!withCountry && !/^0\d{9,10}$/.test(digits)) return [digits];
    const national = withCountry ? `0${digits.slice(2)}` : digits;
    return [national, `81${national.slice(1)}`];
  });
}
