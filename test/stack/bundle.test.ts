import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { type Bundled, bundle } from '../../cdk/bundle.ts';
import { tsunagi } from '../../cdk/stacks/tables.ts';
import { scratch } from './synthesized.ts';

const rows = [...tsunagi.operations, ...tsunagi.workers];
let bundled: Bundled;

beforeAll(async () => {
  bundled = await bundle({ outDir: join(scratch(), 'bundle') });
});

const contentOf = (folder: string) =>
  globSync('**/*.mjs', { cwd: folder })
    .sort()
    .map(
      (file) =>
        `${file} ${createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex')}`,
    );

test('the bundle holds an entry for each row where its function looks for it', () => {
  const missing = rows.filter(({ id }) => !existsSync(join(bundled.outDir, `${id}.mjs`)));
  expect(missing).toEqual([]);
});

test('the same sources give the same bytes, wherever they go', async () => {
  const again = await bundle({ outDir: join(scratch(), 'elsewhere') });
  expect(contentOf(again.outDir)).toEqual(contentOf(bundled.outDir));
});

test('source maps and the account of what went into which file stay out of the asset', () => {
  const { outputs } = JSON.parse(readFileSync(bundled.metafile, 'utf8')) as Metafile;
  expect(Object.keys(outputs).length).toBeGreaterThanOrEqual(rows.length);
  expect(globSync('**/*.{json,map}', { cwd: bundled.outDir })).toEqual([]);
});

test('a function file without a handler is refused by name', async () => {
  await expect(bundle({ outDir: scratch(), ids: ['operations'] })).rejects.toThrow('functions/operations.ts');
});
