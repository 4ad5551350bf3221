import '../../support/environment.ts';
import type { SQSEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { consume } from '../../../lib/core/consume.ts';

const batch = (...numbers: readonly number[]) =>
  ({ Records: numbers.map((n) => ({ messageId: `m${n}`, body: String(n) })) }) as SQSEvent;

test('messages of one batch share what the invocation has read, and the next invocation reads anew', async () => {
  let reads = 0;
  const handler = consume('area/work', z.number(), async (_, app) => {
    if (app.memo.has('definitions')) return;
    reads += 1;
    app.memo.set('definitions', 'read');
  });
  await handler(batch(1, 2, 3));
  expect(reads).toBe(1);
  await handler(batch(4));
  expect(reads).toBe(2);
});
