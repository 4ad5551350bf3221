/** Bytes of EUC-JP are mostly right in Shift_JIS as well, but hardly the other way round. */
const charsets = ['utf-8', 'euc-jp', 'shift_jis'] as const;

/**
 * What a browser posted from a form. A page of a site that is still written in Shift_JIS or EUC-JP posts so unless its form says otherwise, and
 * a browser does not tell: what is no UTF-8 is read as the one of the two that it is.
 */
export function sentIn(text: string): URLSearchParams {
  const sent = new URLSearchParams(text);
  if (![...sent].flat().some((part) => part.includes('\uFFFD')) || /[^\x20-\x7e]/.test(text)) return sent;
  const pairs = text.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [bytesOf(name), bytesOf(value.join('='))];
  });
  for (const charset of charsets) {
    const decoder = new TextDecoder(charset, { fatal: true });
    try {
      return new URLSearchParams(pairs.map((pair) => pair.map((bytes) => decoder.decode(bytes))));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return sent;
}

const bytesOf = (encoded: string): Buffer =>
  Buffer.from(
    encoded
      .replaceAll('+', ' ')
      .replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  );
