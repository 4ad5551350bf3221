import { expect, test } from 'vitest';
import { languageOf } from '../../../lib/pages/layout.ts';

const accepting = (language?: string) => ({ headers: language === undefined ? {} : { 'accept-language': language } });

test.each([
  ['ja', 'en-US,en;q=0.9', 'en', 'ja'],
  [undefined, 'en-US,ja;q=0.9', 'ja', 'en'],
  [undefined, 'ja;q=0.2,en;q=0.1', 'en', 'ja'],
  [undefined, 'en;q=0, ja;q=0.1', 'en', 'ja'],
  [undefined, 'de', 'en', 'en'],
  [undefined, undefined, 'fr', 'ja'],
  ['xx', 'en', 'ja', 'en'],
] as const)('?lang=%s with "%s" on a page in %s is shown in %s', (asked, accepted, own, expected) => {
  expect(languageOf(accepting(accepted), asked, own)).toBe(expected);
});
