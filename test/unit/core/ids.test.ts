import { expect, test } from 'vitest';
import { newId } from '../../../lib/core/ids.ts';

test('ids are 16 digits, below 2^53, and rise within a process even in one millisecond', () => {
  const ids = Array.from({ length: 20_000 }, () => newId(Date.UTC(2026, 10, 22)));
  expect(ids.every((id) => /^\d{16}$/.test(id) && Number(id) < 2 ** 53)).toBe(true);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('ids stay 16 digits below 2^53 until 2054', () => {
  expect(newId(Date.UTC(2054, 0, 1))).toMatch(/^\d{16}$/);
  expect(Number(newId(Date.UTC(2054, 0, 1)))).toBeLessThan(2 ** 53);
});
