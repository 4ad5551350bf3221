import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { wordPartition, wordPrefix, wordTurnKey } from '../table/quality-keys.ts';
import type { KnownWord } from './schema.ts';

/** A learned word as it is stored. */
export const StoredWord = z.object({
  word: z.string(),
  kind: z.enum(['company', 'service']),
  folded: z.string(),
  createdAt: z.string(),
});
export type StoredWord = z.output<typeof StoredWord>;

/** Rises with each change of the words; names the job that looks at every contact anew. */
export const WordTurn = z.object({ turn: z.number(), count: z.number(), jobId: z.optional(z.string()) });
export type WordTurn = z.output<typeof WordTurn>;

export const readWordTurn = async (app: App): Promise<WordTurn> =>
  (await app.table.get(wordTurnKey, WordTurn)) ?? { turn: 0, count: 0 };

export const readWords = (app: App): Promise<StoredWord[]> =>
  app.table.all({ pk: wordPartition, prefix: wordPrefix }, StoredWord);

let cached: { readonly turn: number; readonly words: readonly KnownWord[] } | undefined;

/**
 * The words as they are now: read when their turn is another one than that of the words at hand. A turn that was read before the words
 * is at worst too old, and the next call reads them again.
 */
export async function currentWords(app: App): Promise<readonly KnownWord[]> {
  const { turn } = await readWordTurn(app);
  if (turn === 0) return [];
  if (cached?.turn !== turn) cached = { turn, words: await readWords(app) };
  return cached.words;
}
