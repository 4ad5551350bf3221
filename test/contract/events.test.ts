import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue } from '../../events/catalogue.ts';

const folder = new URL('../../events/samples/', import.meta.url).pathname;
const sampleOf = (name: string): unknown => JSON.parse(readFileSync(`${folder}${name}`, 'utf8'));
const fileOf = ({ type, version }: { type: string; version: number }) => `${type}.v${version}.json`;

test.each(
  catalogue.map((event) => [fileOf(event), event] as const),
)('the frozen sample %s is what the event still accepts', (file, event) => {
  expect(event.schema.parse(sampleOf(file))).toEqual(sampleOf(file));
});

test.each(
  catalogue.map((event) => [fileOf(event), event] as const),
)('a field taken out of %s is missed: nothing required has been made optional or lost', (file, event) => {
  const sample = sampleOf(file) as Record<string, unknown>;
  const optional = new Set(['pageUri', 'pageName', 'error', 'to', 'reason', 'sendId', 'score', 'previousScore']);
  for (const field of Object.keys(sample).filter((name) => !optional.has(name))) {
    const { [field]: _, ...rest } = sample;
    expect(event.schema.safeParse(rest).success, `${file} without ${field}`).toBe(false);
  }
});

test('every event has a sample and every sample an event', () => {
  expect(globSync('*.json', { cwd: folder }).sort()).toEqual(catalogue.map(fileOf).sort());
});
