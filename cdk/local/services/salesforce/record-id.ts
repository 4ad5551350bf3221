const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const checks = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
/** Which instance a record was born on; every record of this org was born on the same one. */
const birthplace = 'Ts0';

/** The id of the nth record of an object: 15 characters that tell case apart, and 3 that check them. */
export function recordId(prefix: string, sequence: number): string {
  let text = '';
  for (let rest = sequence; text.length < 9; rest = Math.floor(rest / 62)) text = digits.charAt(rest % 62) + text;
  return withChecksum(prefix + birthplace + text);
}

/** An id in its long form; undefined for text that is none. The short form is taken too. */
export function longId(text: string): string | undefined {
  if (!/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(text)) return undefined;
  const long = withChecksum(text.slice(0, 15));
  return text.length === 15 || text === long ? long : undefined;
}

/** Each of the last three characters says which of five letters are capitals. */
function withChecksum(short: string): string {
  const suffix = [0, 5, 10].map((start) => {
    const capitals = [...short.slice(start, start + 5)].map((letter) => /[A-Z]/.test(letter));
    return checks.charAt(capitals.reduce((sum, capital, bit) => sum + (capital ? 2 ** bit : 0), 0));
  });
  return short + suffix.join('');
}
