/** Letters that Microsoft's table has in another form, or not at all, and what stands for them. */
const replacements: Readonly<Record<string, string>> = {
  '\u301c': '\uff5e',
  '\u2212': '\uff0d',
  '\u2016': '\u2225',
  '\u2014': '\u2015',
  '\u00a2': '\uffe0',
  '\u00a3': '\uffe1',
  '\u00ac': '\uffe2',
  '\u00a5': '\uffe5',
  '\u00a0': ' ',
  '\u2013': '-',
  '\u2022': '・',
  '\u00b7': '・',
};

let table: ReadonlyMap<string, number> | undefined;

/** Letter → code, made from the decoder. NEC's second copy of IBM's letters and the areas for private use are left out, as Windows does. */
function codes(): ReadonlyMap<string, number> {
  if (table) return table;
  const decoder = new TextDecoder('shift_jis', { fatal: true });
  const made = new Map<string, number>();
  const note = (bytes: readonly number[], code: number) => {
    try {
      const letter = decoder.decode(Uint8Array.from(bytes));
      if (!made.has(letter)) made.set(letter, code);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  };
  for (let byte = 0; byte < 0x80; byte += 1) made.set(String.fromCharCode(byte), byte);
  for (let byte = 0xa1; byte <= 0xdf; byte += 1) note([byte], byte);
  for (let lead = 0x81; lead <= 0xfc; lead += 1) {
    if ((lead > 0x9f && lead < 0xe0) || lead === 0xed || lead === 0xee || (lead >= 0xf0 && lead <= 0xf9)) continue;
    for (let trail = 0x40; trail <= 0xfc; trail += 1) if (trail !== 0x7f) note([lead, trail], lead * 256 + trail);
  }
  table = made;
  return made;
}

/**
 * Text in Microsoft's Shift_JIS (cp932). What it does not have is written in its nearest form (a wave dash, a minus, é as e, a variant of a
 * letter as the letter), and else as `?`.
 */
export function toShiftJis(text: string): Buffer {
  const known = codes();
  const bytes = Buffer.alloc(text.length * 2);
  let length = 0;
  for (const letter of text.normalize('NFC')) {
    // Selectors say which variant of a letter is meant; the letter itself stands before.
    if (/[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u.test(letter)) continue;
    const code = codeOf(known, letter);
    if (code > 0xff) bytes[length++] = code >> 8;
    bytes[length++] = code & 0xff;
  }
  return bytes.subarray(0, length);
}

function codeOf(known: ReadonlyMap<string, number>, letter: string): number {
  const plain = letter.normalize('NFKD').charAt(0);
  return known.get(letter) ?? known.get(replacements[letter] ?? '') ?? known.get(plain) ?? 0x3f;
}
