import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const layers = ['events', 'lib', 'functions', 'cdk'] as const;

type Import = { readonly file: string; readonly target: string; readonly typeOnly: boolean };

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\(\s*[`']([^`']+)[`']\s*\)/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(importPattern)].map((match) => {
    const target = match[2] ?? match[3] ?? '';
    const resolved = target.startsWith('.') ? normalize(join(dirname(file), target)) : target;
    return { file, target: resolved, typeOnly: Boolean(match[1]) };
  });
}

const imports = layers.flatMap((layer) => globSync(`${layer}/**/*.ts`, { cwd: root })).flatMap(importsOf);
const layerOf = (path: string) => layers.findIndex((layer) => path.startsWith(`${layer}/`));
const said = ({ file, target }: Import) => `${file} imports ${target}`;

test('the imports are seen: a rule over none would hold', () => {
  const seen = (file: string, target: string) => imports.some((each) => each.file === file && each.target === target);
  expect(imports.length).toBeGreaterThan(1000);
  expect(seen('lib/table/table.ts', '@aws-sdk/lib-dynamodb')).toBe(true);
  expect(seen('functions/objects/create.ts', 'functions/objects/operations.ts')).toBe(true);
  expect(seen('cdk/bundle.ts', 'functions/operations.ts')).toBe(true);
});

test('imports point one way: cdk → functions → lib → events', () => {
  const wrong = imports.filter(({ file, target }) => layerOf(target) >= 0 && layerOf(target) > layerOf(file));
  expect(wrong.map(said)).toEqual([]);
});

test('events know nothing but zod and each other', () => {
  const wrong = imports.filter(
    ({ file, target }) => file.startsWith('events/') && layerOf(target) !== 0 && target !== 'zod/mini',
  );
  expect(wrong.map(said)).toEqual([]);
});

test('only the table, the AWS adapters, the stores and the composition root import an AWS SDK', () => {
  const allowed =
    /^lib\/(table|aws)\/|^lib\/core\/app\.ts$|\/store\.ts$|-store\.ts$|^lib\/stream\/event-record\.ts$|^cdk\//;
  const wrong = imports.filter(
    ({ file, target, typeOnly }) => target.startsWith('@aws-sdk/') && !typeOnly && !allowed.test(file),
  );
  expect(wrong.map(said)).toEqual([]);
});

test('functions of one area do not import handlers of another', () => {
  const wrong = imports.filter(
    ({ file, target }) =>
      file.startsWith('functions/') && target.startsWith('functions/') && !/operations\.ts$/.test(target),
  );
  expect(wrong.map(said)).toEqual([]);
});

test('zod is imported as zod/mini, which keeps 424 KB out of every bundle', () => {
  expect(imports.filter(({ target }) => target === 'zod').map(said)).toEqual([]);
});

test('no file imports in a circle', () => {
  const edges = Map.groupBy(
    imports.filter(({ typeOnly, target }) => !typeOnly && layerOf(target) >= 0),
    ({ file }) => file,
  );
  const done = new Set<string>();
  const circle = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { target } of edges.get(file) ?? []) {
      const found = circle(target, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  expect([...edges.keys()].map((file) => circle(file, [])).find(Boolean)).toBeUndefined();
});
