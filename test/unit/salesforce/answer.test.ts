import { expect, test } from 'vitest';
import type { OutgoingResult } from '../../../lib/outgoing/request.ts';
import { verdictOf } from '../../../lib/salesforce/answer.ts';
import { categoryOf, hasMoved, isLocked, missingColumn } from '../../../lib/salesforce/refusal.ts';

const answer = (status: number, body: unknown, complete = true): OutgoingResult => ({
  kind: 'answer',
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
  complete,
});
const error = (errorCode: string, message = 'no') => [{ errorCode, message }];

test.each([
  ['a success', answer(200, { a: 1 }), { kind: 'ok', body: { a: 1 } }],
  ['an empty success', answer(204, ''), { kind: 'ok', body: undefined }],
  ['an answer that broke off', answer(200, '{"a":', false), { kind: 'again', trouble: { code: 'CUT_OFF' } }],
  ['an answer that is no JSON', answer(200, '<html>'), { kind: 'again', trouble: { code: 'NOT_JSON' } }],
  ['an expired session', answer(401, error('INVALID_SESSION_ID')), { kind: 'expired' }],
  ['maintenance in HTML', answer(503, '<html>'), { kind: 'again', trouble: { kind: 'UNAVAILABLE', code: 'HTTP_503' } }],
  ['a bug of theirs', answer(500, error('UNKNOWN_EXCEPTION')), { kind: 'again', trouble: { kind: 'UNAVAILABLE' } }],
  [
    'the day’s calls used up',
    answer(403, error('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')),
    { kind: 'trouble', trouble: { kind: 'LIMIT' } },
  ],
  [
    'too many long calls now',
    answer(403, error('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.')),
    { kind: 'again', trouble: { kind: 'UNAVAILABLE' } },
  ],
  ['a locked row', answer(400, error('UNABLE_TO_LOCK_ROW')), { kind: 'again' }],
  ['a wrong query', answer(400, error('MALFORMED_QUERY')), { kind: 'trouble', trouble: { kind: 'REFUSED' } }],
  ['no connection', { kind: 'not-sent', reason: 'r' } as const, { kind: 'again', trouble: { kind: 'UNAVAILABLE' } }],
  ['no answer', { kind: 'unknown', reason: 'r' } as const, { kind: 'again', trouble: { kind: 'UNAVAILABLE' } }],
  [
    'an address that may not be called',
    { kind: 'refused', reason: 'r' } as const,
    { kind: 'trouble', trouble: { kind: 'REFUSED' } },
  ],
])('%s', (_, result, verdict) => {
  expect(verdictOf(result)).toMatchObject(verdict);
});

test('refusals of rows go to their cards', () => {
  const refusal = (code: string) => ({ code, message: '', fields: [] });
  expect(categoryOf(refusal('DUPLICATES_DETECTED'))).toBe('DUPLICATES');
  expect(categoryOf(refusal('FIELD_CUSTOM_VALIDATION_EXCEPTION'))).toBe('CUSTOM_CODE');
  expect(categoryOf(refusal('INSUFFICIENT_ACCESS_OR_READONLY'))).toBe('PERMISSIONS');
  expect(categoryOf(refusal('INVALID_FIELD'))).toBe('PROPERTY_MAPPINGS');
  expect(categoryOf(refusal('INVALID_CROSS_REFERENCE_KEY'))).toBe('ASSOCIATIONS');
  expect(categoryOf(refusal('STRING_TOO_LONG'))).toBe('PROPERTY_VALUES');
  expect(isLocked(refusal('UNABLE_TO_LOCK_ROW'))).toBe(true);
  expect(hasMoved(refusal('CANNOT_UPDATE_CONVERTED_LEAD'))).toBe(true);
  expect(missingColumn("SELECT X__c\n^\nNo such column 'X__c' on entity 'Lead'.")).toBe('X__c');
});
