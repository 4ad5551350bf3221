import { expect, test } from 'vitest';
import { addressee } from '../../../lib/mail/addressee.ts';

test.each([
  [{ lastname: '佐藤', firstname: '健' }, '佐藤 様'],
  [{ lastname: '佐藤様' }, '佐藤 様'],
  [{ lastname: '佐藤　さま' }, '佐藤 様'],
  [{ lastname: '佐藤(様)' }, '佐藤 様'],
  [{ lastname: '佐藤殿' }, '佐藤 様'],
  [{ lastname: '鵜殿' }, '鵜殿 様'],
  [{ lastname: '氏家' }, '氏家 様'],
  [{ firstname: '健様' }, '健 様'],
  [{ lastname: 'ご担当者様', company: '株式会社サンプル' }, '株式会社サンプル 御中'],
  [{ company: '株式会社サンプル御中' }, '株式会社サンプル 御中'],
  [{ lastname: '佐藤', company: '株式会社サンプル' }, '佐藤 様'],
  [{}, 'ご担当者様'],
  [{ lastname: '様' }, 'ご担当者様'],
])('%j is addressed once, as %s', (person, said) => {
  expect(addressee(person)).toBe(said);
});

test('in English the name stands alone', () => {
  expect(addressee({ lastname: 'Sato様', firstname: 'Ken' }, 'en')).toBe('Ken Sato');
  expect(addressee({}, 'en')).toBe('');
});
