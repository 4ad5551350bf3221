import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { wordKey, wordPartition, wordPrefix, wordTurnKey } from '../table/quality-keys.ts';
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

const readWords = (app: App): Promise<StoredWord[]> =>
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

/** A page of the words, by their folded spelling. */
export async function listWords(
  app: App,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ readonly words: StoredWord[]; readonly after?: string }> {
  const position = after !== undefined && { startAfter: wordKey(after) };
  const { items, lastKey } = await app.table.query(
    { pk: wordPartition, prefix: wordPrefix, limit: limit + 1, ...position },
    StoredWord,
  );
  const words = items.slice(0, limit);
  const last = words.at(-1);
  return { words, ...((items.length > limit || lastKey) && last && { after: last.folded }) };
}
