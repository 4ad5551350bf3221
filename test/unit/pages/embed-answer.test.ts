import { expect, test } from 'vitest';
import { answerIn } from '../../../lib/pages/embed/answer.ts';

const words = { otherError: '入力内容が正しくありません' };

test.each([
  ['its thanks', 200, '{"thanks":"ありがとう"}', { thanks: 'ありがとう' }],
  ['where it leads', 200, '{"redirectUri":"https://a.example/"}', { redirectUri: 'https://a.example/' }],
  ['that it is busy, with what the next try needs', 503, '{"message":"混雑","own":{}}', { message: '混雑', own: {} }],
  ['errors', 400, '{"message":"x","errors":[]}', { message: 'x', errors: [] }],
])('the server’s own answer is taken as it is: %s', (_, status, text, answer) => {
  expect(answerIn({ status, text }, words)).toEqual(answer);
});

test.each([
  [500, '{"message":"Internal Server Error"}'],
  [503, '{"message":"Service Unavailable"}'],
  [429, '{"message":"Too Many Requests"}'],
  [502, '<html>Bad Gateway</html>'],
  [503, 'null'],
])('what a gateway says of %i is shown to nobody: the same is sent again', (status, text) => {
  expect(answerIn({ status, text }, words)).toBeUndefined();
});

test('a refusal in other words than the server’s is told in the visitor’s', () => {
  expect(answerIn({ status: 404, text: '<!doctype html>' }, words)).toEqual({ message: words.otherError });
});
