import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { hasEnded, type Job } from '../jobs/job.ts';
import { announceJob, findJob, jobWrites } from '../jobs/store.ts';
import { absent, attributes } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { wordKey, wordTurnKey } from '../table/quality-keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { nameRecheckKind } from './job-kinds.ts';
import { foldName } from './letters.ts';
import type { KnownWord } from './schema.ts';
import { readWordTurn, StoredWord, type WordTurn } from './words-store.ts';

const mostWords = 2000;

const foldedOf = (word: string) => foldName(word).trim();

/**
 * Learns a word; every contact is looked at anew with it. Width, case and old forms of characters do not tell two words apart. At most
 * 2,000. @throws CrmError 400, 409 when the word is known
 */
export const learnWord = (app: App, { word, kind }: KnownWord): Promise<StoredWord> => {
  const folded = foldedOf(word);
  const stored: StoredWord = { word: word.trim(), kind, folded, createdAt: app.now() };
  return change(app, async ({ count }) => {
    if ([...folded].length < 2) throw invalid('word: has at least two letters');
    if (await app.table.get(wordKey(folded), StoredWord))
      throw new CrmError('CONFLICT', `The word "${word}" is known`, { context: { word: [word] } });
    if (count >= mostWords) throw invalid(`words: at most ${mostWords} can be learned`);
    const put: Write = { put: { ...wordKey(folded), entity: 'name-word', ...stored }, when: absent };
    return { write: put, count: count + 1, result: stored };
  });
};

/** Forgets a word; every contact is looked at anew without it. A word that is not known is no error. */
export const forgetWord = (app: App, word: string): Promise<void> =>
  change<undefined>(app, async ({ count }) => {
    const known = await app.table.get(wordKey(foldedOf(word)), StoredWord);
    if (!known) return undefined;
    return {
      write: { remove: wordKey(known.folded), when: attributes({ folded: known.folded }) },
      count: count - 1,
      result: undefined,
    };
  }).then(() => undefined);

const invalid = (message: string) => new CrmError('VALIDATION_ERROR', message, { context: { fields: ['word'] } });

type Decision<T> = { readonly write: Write; readonly count: number; readonly result: T };

/** The words change together with their turn; the job that runs already sees the new turn at its end, otherwise one begins. */
async function change<T>(app: App, decide: (turn: WordTurn) => Promise<Decision<T> | undefined>): Promise<T> {
  const { result, job } = await contend(async () => {
    const before = await readWordTurn(app);
    const decision = await decide(before);
    if (!decision) return { result: undefined as T, job: undefined };
    const running = before.jobId === undefined ? undefined : await findJob(app, before.jobId);
    const started =
      running && !hasEnded(running) ? undefined : await jobWrites(app, { kind: nameRecheckKind, input: {} });
    const jobId = started?.job.id ?? running?.id;
    const turn: Write = {
      put: { ...wordTurnKey, entity: 'name-word-turn', turn: before.turn + 1, count: decision.count, jobId },
      when: before.turn === 0 ? absent : attributes({ turn: before.turn, jobId: before.jobId }),
    };
    await commitOrThrow(app.table, [turn, decision.write, ...(started?.writes ?? [])].map(orStale));
    return { result: decision.result, job: started?.job };
  });
  if (job) await announceJob(job satisfies Job);
  return result;
}
