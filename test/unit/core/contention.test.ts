import { expect, test } from 'vitest';
import { contend, StaleRead } from '../../../lib/table/contention.ts';

/** An attempt that is stale this many times, then succeeds. */
function staleFor(times: number) {
  let tries = 0;
  const attempt = async () => {
    tries += 1;
    if (tries <= times) throw new StaleRead(`try ${tries}`);
    return tries;
  };
  return { attempt, tries: () => tries };
}

test('an attempt that is not stale is made once', async () => {
  expect(await contend(staleFor(0).attempt)).toBe(1);
});

test('a stale attempt is made again until it is not', async () => {
  expect(await contend(staleFor(3).attempt)).toBe(4);
});

test('any other error is thrown at once', async () => {
  let tries = 0;
  const attempt = async () => {
    tries += 1;
    throw new RangeError('a bug');
  };
  await expect(contend(attempt)).rejects.toThrow(RangeError);
  expect(tries).toBe(1);
});

test('when the time is over the last stale read is what the caller gets', async () => {
  const { attempt, tries } = staleFor(Number.POSITIVE_INFINITY);
  const error = await contend(attempt, 40).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StaleRead);
  expect((error as Error).message).toBe(`try ${tries()}`);
  expect(tries()).toBeGreaterThan(1);
});

test('without any time an attempt is still made once', async () => {
  expect(await contend(staleFor(0).attempt, 0)).toBe(1);
});

test('twenty who want one thing at the same time all get it', async () => {
  let version = 0;
  const write = () =>
    contend(async () => {
      const read = version;
      await Promise.resolve();
      if (version !== read) throw new StaleRead('somebody was faster');
      version = read + 1;
    });
  await Promise.all(Array.from({ length: 20 }, write));
  expect(version).toBe(20);
});
