import { expect, test } from 'vitest';
import { Expected, sentenceFor } from '../../../cdk/local/expected.ts';

const trouble = (facts: object) => Object.assign(new Error('detail'), facts);

test.each([
  [new Expected('Port 3000 is taken.'), 'Port 3000 is taken.'],
  [trouble({ code: 'ERR_SQLITE_ERROR', errcode: 13 }), 'The folder /home/x is of no use: the disk is full; '],
  // SQLITE_BUSY_SNAPSHOT, an extended code of SQLITE_BUSY.
  [trouble({ code: 'ERR_SQLITE_ERROR', errcode: 517 }), 'The folder /home/x is of no use: another Tsunagi works on it'],
  [trouble({ code: 'EROFS' }), 'The folder /home/x is of no use: it cannot be written.'],
])('%o is told in a sentence', (error, sentence) => {
  expect(sentenceFor(error, '/home/x')).toContain(sentence);
});

test.each([
  [new TypeError('undefined is not a function')],
  [trouble({ code: 'ERR_SQLITE_ERROR', errcode: 1 })],
  ['text'],
])('%o is a mistake of the program, whose trace is needed', (error) => {
  expect(sentenceFor(error, '/home/x')).toBeUndefined();
});
