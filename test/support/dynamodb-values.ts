/** Short forms for attribute values in tests. */
export const S = (text: string): { S: string } => ({ S: text });
export const N = (number: number | string): { N: string } => ({ N: String(number) });
export const L = (...elements: unknown[]): { L: unknown[] } => ({ L: elements });
export const M = (map: Record<string, unknown>): { M: Record<string, unknown> } => ({ M: map });

/** The key of a table with the keys `pk` and `sk`. */
export const key = (pk: string, sk = 's'): { pk: { S: string }; sk: { S: string } } => ({ pk: S(pk), sk: S(sk) });
