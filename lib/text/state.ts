import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { ObjectType } from '../objects/definition.ts';
import type { CrmRecord } from '../objects/record.ts';
import { absentOrBelow, attributes } from '../table/conditions.ts';
import type { RecordRef } from '../table/keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import { transactionLimit } from '../table/table.ts';
import { textKey, textStateKey } from '../table/text-keys.ts';
import { textDocument, textParts, textProperties } from './document.ts';
import { isTelling } from './fold.ts';

/** The tokens that a record has rows for at this moment: never more, never fewer. */
export const TextState = z.object({
  pk: z.string(),
  sk: z.string(),
  /** Rises with each write. */
  turn: z.number(),
  tokens: z.array(z.string()),
  /** What the tokens say: this version of the record, read by these rules. Absent while there is more to write. */
  says: z.optional(z.string()),
});
export type TextState = z.output<typeof TextState>;

/** Raise it when texts are split in another way: what a row says is then out of date, and `text-index` jobs write it anew. */
const rules = 1;
/** How long the turns of a record are remembered that is gone for good. */
const rememberedSeconds = 30 * 24 * 60 * 60;

/** What a record shall be found by, and what that was read from. */
export type Wanted = { readonly tokens: readonly string[]; readonly says: string; readonly gone: boolean };

export function wantedOf(type: ObjectType | undefined, record: CrmRecord | undefined): Wanted {
  if (!record || !type) return { tokens: [], says: 'gone', gone: true };
  const read = createHash('sha256').update(textProperties(type).join()).digest('base64url').slice(0, 8);
  const tokens = record.archivedAt
    ? []
    : [...textDocument(textParts(type, record.properties)).tokens].filter(isTelling);
  return { tokens, says: `${record.version}/${rules}/${read}`, gone: false };
}

/**
 * The writes that bring a record's rows nearer to what is wanted, in one transaction with the row that says which there are, and whether
 * there is more to write than a transaction holds. None when the rows say the same already. A process may die between two of them: what
 * the state says is true at every moment, and the next one to look at the record goes on from there.
 */
export function stepsTowards(
  ref: RecordRef,
  state: TextState | undefined,
  wanted: Wanted,
  now: string,
): { readonly steps: Step[]; readonly more: boolean } {
  if (state ? state.says === wanted.says : wanted.gone) return { steps: [], more: false };
  const has = new Set(state?.tokens);
  const shall = new Set(wanted.tokens);
  const changes = [
    ...[...shall].filter((token) => !has.has(token)).map((token) => ({ token, add: true })),
    ...[...has].filter((token) => !shall.has(token)).map((token) => ({ token, add: false })),
  ];
  const made = changes.slice(0, transactionLimit - 1);
  const more = made.length < changes.length;
  for (const { token, add } of made) {
    if (add) has.add(token);
    else has.delete(token);
  }
  return {
    more,
    steps: [
      stateStep(ref, state, { tokens: [...has], ...(!more && { says: wanted.says }) }, wanted.gone && !more, now),
      ...made.map(({ token, add }) => rowStep(ref, token, add)),
    ],
  };
}

function stateStep(
  ref: RecordRef,
  state: TextState | undefined,
  next: Pick<TextState, 'tokens' | 'says'>,
  forget: boolean,
  now: string,
): Step {
  const seconds = Math.floor(Date.parse(now) / 1000);
  return orStale({
    put: {
      ...textStateKey(ref),
      entity: 'text-state',
      turn: (state?.turn ?? 0) + 1,
      ...next,
      ...(forget && { expiresAt: seconds + rememberedSeconds }),
    },
    when: state ? attributes({ turn: state.turn }) : absentOrBelow('expiresAt', seconds),
  });
}

function rowStep({ objectType, id }: RecordRef, token: string, add: boolean): Step {
  const key = textKey(objectType, token, id);
  return orStale(add ? { put: { ...key, entity: 'text', id } } : { remove: key });
}
