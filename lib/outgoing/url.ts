/** Only localhost lets functions call private addresses and plain HTTP; the stack says so in a variable. */
export const allowsPrivate = (): boolean => process.env.OUTGOING_PRIVATE_ADDRESSES === 'allow';

/**
 * Whether a text is an address that may be called: absolute, without credentials, `https` (or `http` where private addresses are
 * allowed). What the name resolves to is checked when the connection is made.
 */
export function isOutgoingUrl(text: string, { plain = allowsPrivate() } = {}): boolean {
  const url = URL.parse(text);
  if (!url || url.username || url.password) return false;
  return url.protocol === 'https:' || (plain && url.protocol === 'http:');
}
