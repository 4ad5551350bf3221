import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { lettersOf, written } from '../../../lib/quality/letters.ts';
import { packedNames } from '../../../lib/quality/lexicon/names.ts';
import { splitName } from '../../../lib/quality/split.ts';
import { automaticConfidence } from '../../../lib/quality/threshold.ts';
import { familyNames, givenNames, publicPeople } from '../../support/japanese-names.ts';
import { lexiconText } from '../../support/name-lexicon.ts';

type Name = readonly [lastname: string, firstname: string];

/** The splitter's weights were set with the words of even hashes only; what is asserted here is made of the others. */
const isHeldOut = (word: string): boolean => {
  let hash = 2166136261;
  for (const letter of word) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
  return (hash >>> 0) % 2 === 1;
};

const distinct = (words: readonly string[]) => [...new Set(words)];
const common: Name[] = distinct(familyNames)
  .filter(isHeldOut)
  .flatMap((lastname) =>
    distinct(givenNames)
      .filter(isHeldOut)
      .map((firstname): Name => [lastname, firstname]),
  );
const people = publicPeople.filter(([lastname, firstname]) => isHeldOut(lastname + firstname));

function measure(names: readonly Name[]) {
  const results = names.map(([lastname, firstname]) => {
    const split = splitName(lettersOf(lastname + firstname));
    return {
      right: split !== undefined && written(split.lastname) === lastname,
      automatic: (split?.confidence ?? 0) >= automaticConfidence,
    };
  });
  const automatic = results.filter((result) => result.automatic);
  const rightOf = (list: typeof results) => list.filter(({ right }) => right).length / list.length;
  return { right: rightOf(results), automatic: automatic.length / results.length, automaticRight: rightOf(automatic) };
}

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
const said = (what: string, names: readonly Name[], { right, automatic, automaticRight }: ReturnType<typeof measure>) =>
  `${what}: ${names.length} names, ${percent(right)} right; ${percent(automatic)} automatic, ${percent(automaticRight)} of them right`;

test('of common names that it was not tuned on, at least 99.5 % are split right, and 99.9 % of the automatic ones', () => {
  const result = measure(common);
  console.log(said('held-out common names', common, result));
  expect(common.length).toBeGreaterThan(20_000);
  expect(result.right).toBeGreaterThanOrEqual(0.995);
  expect(result.automaticRight).toBeGreaterThanOrEqual(0.999);
  expect(result.automatic).toBeGreaterThan(0.9);
});

test('people of public life, with rare names among them: what is not sure is left to people', () => {
  const result = measure(people);
  console.log(said('held-out people of public life', people, result));
  expect(people.length).toBeGreaterThan(200);
  expect(result.right).toBeGreaterThanOrEqual(0.97);
  expect(result.automaticRight).toBeGreaterThanOrEqual(0.999);
});

test('a name takes a few microseconds', () => {
  const names = common.slice(0, 5000).map(([lastname, firstname]) => lettersOf(lastname + firstname));
  const start = performance.now();
  for (const name of names) splitName(name);
  const micros = ((performance.now() - start) * 1000) / names.length;
  console.log(`${micros.toFixed(1)} µs for a split`);
  expect(micros).toBeLessThan(100);
});

test('the lexicon is what its script makes of the dictionary', () => {
  expect(brotliDecompressSync(Buffer.from(packedNames, 'base64')).toString('utf8')).toBe(lexiconText());
  expect(packedNames.length).toBeLessThan(250_000);
});
