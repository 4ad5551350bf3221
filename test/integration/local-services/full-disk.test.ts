import { expect, test } from 'vitest';
import { Store } from '../../../cdk/local/services/store.ts';

test('a disk that is full fails the transaction with its own words, leaves nothing half-written, and can be written again', () => {
  const store = new Store(':memory:');
  const limit = (pages: number) => store.statement(`pragma max_page_count = ${pages}`).get();
  limit(1);
  const write = () =>
    store.transaction(() => {
      store.saveSetting('first', 'x');
      store.saveSetting('second', 'x'.repeat(10_000));
    });
  expect(write).toThrow('database or disk is full');
  expect(store.setting('first')).toBeUndefined();
  limit(100_000);
  write();
  expect(store.setting('first')).toBe('x');
  store.close();
});
