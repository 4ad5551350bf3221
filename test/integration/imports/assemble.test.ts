import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileSize, putFile, smallestPartBytes } from '../../../lib/aws/files.ts';
import { assemble } from '../../../lib/files/assemble.ts';
import { type Files, startFiles } from '../../support/files.ts';

let files: Files;
beforeAll(async () => {
  files = await startFiles();
});
afterAll(() => files.close());

test('a slice that made the file and died before it could say so is repeated, and the file is there', async () => {
  const pieces = 5;
  for (let piece = 0; piece < pieces; piece += 1)
    await putFile(`work/${piece}`, Buffer.alloc(smallestPartBytes, piece), 'text/csv');
  const order = {
    key: 'results/whole.csv',
    contentType: 'text/csv',
    pieceKey: (piece: number) => `work/${piece}`,
    pieces,
  };
  const at = await assemble(order, undefined);
  expect(at).toMatchObject({ piece: 4 });
  expect(await assemble(order, at)).toBeUndefined();
  expect(await assemble(order, at)).toBeUndefined();
  expect(await fileSize(order.key)).toBe(pieces * smallestPartBytes);
});
