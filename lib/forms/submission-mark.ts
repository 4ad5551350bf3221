import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { absentOrBelow, type Condition } from '../table/conditions.ts';
import { submissionMarkKey } from '../table/keys.ts';
import type { Mark } from '../table/once.ts';
import { SubmissionAnswer } from './answer.ts';
import type { SubmissionInput, SubmittedValue } from './submission.ts';

/** By what a repeated submission is known: a key that the sender chose, the id in the page that the visitor filled, or the content. */
export type Identity = {
  readonly idempotencyKey?: string | undefined;
  readonly pageSubmissionId?: string | undefined;
  readonly ipHash?: string | undefined;
};

/** Without a time or a key, the same content within this time is a second click, and later a second submission. */
const sameContentMs = 10 * 60 * 1000;
/** A submission with a time may come up to a month late, and its repetition after that. */
const sameTimeMs = 45 * 24 * 60 * 60 * 1000;

const sha256 = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** A hash that tells visitors of one form apart and shows no address. */
export const hashOfIp = (formId: string, ip: string): string => sha256([formId, ip]);

/**
 * The hash under which this submission is known, and for how long. The id of a page counts together with the values: who goes back,
 * corrects a value and sends again has submitted twice. So does a key: a page that gives all its visitors the same one loses none of them. Without an address among the values, the sender is part of the content.
 */
export function identityOf(
  values: readonly SubmittedValue[],
  { context, submittedAt }: SubmissionInput,
  sender: Identity,
): { hash: string; lastsMs: number } {
  const sorted = values.map(({ objectTypeId, name, value }) => [objectTypeId, name, value].join('\n')).sort();
  if (sender.idempotencyKey) return { hash: sha256(['key', sender.idempotencyKey, sorted]), lastsMs: sameTimeMs };
  if (sender.pageSubmissionId) return { hash: sha256(['page', sender.pageSubmissionId, sorted]), lastsMs: sameTimeMs };
  const anonymous = !values.some(({ objectTypeId, name }) => objectTypeId === '0-1' && name === 'email');
  const content = [sorted, context?.hutk ?? '', context?.pageUri ?? '', anonymous ? (sender.ipHash ?? '') : ''];
  return submittedAt == null
    ? { hash: sha256(['content', content]), lastsMs: sameContentMs }
    : { hash: sha256(['time', content, String(submittedAt)]), lastsMs: sameTimeMs };
}

const StoredMark = z.object({ answer: SubmissionAnswer });

/** What the first one of the same submissions was answered with. */
export const answerIn = (mark: unknown): SubmissionAnswer => StoredMark.parse(mark).answer;

export type MarkFacts = {
  readonly formId: string;
  readonly submissionId: string;
  readonly contactId: string;
  readonly answer: SubmissionAnswer;
  readonly now: string;
};

export function markOf({ hash, lastsMs }: { hash: string; lastsMs: number }, { now, ...facts }: MarkFacts): Mark {
  const until = Date.parse(now) + lastsMs;
  return {
    ...submissionMarkKey(facts.formId, hash),
    entity: 'submission-mark',
    ...facts,
    blockedUntil: new Date(until).toISOString(),
    expiresAt: Math.ceil(until / 1000) + 60,
  };
}

/** A mark whose time is over counts no more, also before DynamoDB has deleted it. */
export const markIsFree = (now: string): Condition => absentOrBelow('blockedUntil', now);
