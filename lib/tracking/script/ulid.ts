const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const chance = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));

/** An id that sorts by time: 10 letters of milliseconds, 16 of chance. */
export function ulid(now: number): string {
  let time = '';
  for (let left = now, place = 0; place < 10; place += 1) {
    time = letters.charAt(left % 32) + time;
    left = Math.floor(left / 32);
  }
  let rest = '';
  chance(16).forEach((byte) => {
    rest += letters.charAt(byte % 32);
  });
  return time + rest;
}

/** 32 hexadecimal digits of chance. */
export function newHutk(): string {
  let text = '';
  chance(16).forEach((byte) => {
    text += (byte + 256).toString(16).slice(1);
  });
  return text;
}
