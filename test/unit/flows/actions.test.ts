import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadAction } from '../../../lib/flows/load-action.ts';

const folder = new URL('../../../lib/flows/actions/', import.meta.url).pathname;
const typeIds = globSync('*.ts', { cwd: folder }).map((file) => file.slice(0, -'.ts'.length));

test('every file of actions/ is the action of its name: that is all that registers it', async () => {
  const actions = await Promise.all(typeIds.map(loadAction));
  expect(actions.map((action) => action?.typeId)).toEqual(typeIds);
  expect(new Set(actions.map((action) => action?.name)).size).toBe(typeIds.length);
});

test('a type without a file is no action, whatever it looks like', async () => {
  for (const typeId of ['0-9999', '../schema', 'a/b', '']) expect(await loadAction(typeId)).toBeUndefined();
});
