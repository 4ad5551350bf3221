import type { Key } from './keys.ts';

/** What a request with an `Idempotency-Key` claimed; `hash` is of the caller and the key. */
export const idempotencyKey = (hash: string): Key => ({ pk: `idempotency#${hash}`, sk: 'claim' });
/** Which record an input of the request became. */
export const idempotencyMarkKey = (hash: string, input: number): Key => ({
  pk: `idempotency#${hash}`,
  sk: `input#${input}`,
});
