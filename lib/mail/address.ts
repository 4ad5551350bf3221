/** An address that SES takes: one @, a domain with a dot, no spaces, quotes or control characters; 254 characters at most. */
export const isAddress = (text: string): boolean =>
  text.length <= 254 &&
  /^[^\s@"<>(),;:\\[\]\p{Cc}]{1,64}@[^\s@"<>(),;:\\[\]\p{Cc}]+\.[^\s@"<>(),;:\\.[\]\p{Cc}]{2,}$/u.test(text);

const dotAtom = /^[^\s."@]+(?:\.[^\s."@]+)*$/;
const carrierAddress = /^"([^"\\]+)"@([^"@]+)$/;

/**
 * An address as mail servers take it: what stands before the @ is quoted where the standard forbids its dots (`"a..b."@docomo.ne.jp`), as it
 * is in the headers of the mail.
 */
export function quotedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  return dotAtom.test(local) || local.startsWith('"') ? address : `"${local}"${address.slice(at)}`;
}

/** The address as its owner writes it, of one that was quoted for mail servers. */
export const unquotedAddress = (address: string): string => address.replace(carrierAddress, '$1@$2');
