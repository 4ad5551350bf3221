/** Spaces, width and letter case of an address do not count. */
export const normaliseEmail = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

const local = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;
const quotedLocal = /^"[^"\\\r\n]{1,62}"$/;
const label = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

/**
 * Whether a normalised address can exist. Dots may stand anywhere before the @: Japanese carriers gave out `a..b.@docomo.ne.jp`,
 * which the standard forbids and people have.
 */
export function isEmail(address: string): boolean {
  const at = address.lastIndexOf('@');
  const name = address.slice(0, at);
  const labels = address.slice(at + 1).split('.');
  const top = labels.at(-1) ?? '';
  return (
    at > 0 &&
    address.length <= 254 &&
    (local.test(name) || quotedLocal.test(name)) &&
    labels.length >= 2 &&
    labels.every((part) => label.test(part)) &&
    !/^\d+$/.test(top) &&
    top.length >= 2
  );
}

export const domainOfEmail = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
