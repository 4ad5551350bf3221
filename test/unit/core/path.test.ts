import { expect, test } from 'vitest';
import { withoutEndingSlash } from '../../../lib/core/path.ts';

test.each([
  ['/crm/v3/owners/', 'https://api.test/crm/v3/owners'],
  ['/crm/v3/owners/?limit=5&after=a%2Fb', 'https://api.test/crm/v3/owners?limit=5&after=a%2Fb'],
  ['/crm/v3/objects/連絡先/', 'https://api.test/crm/v3/objects/%E9%80%A3%E7%B5%A1%E5%85%88'],
  ['//elsewhere.example/', 'https://api.test//elsewhere.example'],
  ['/a///', 'https://api.test/a'],
])('%s goes on to %s', (url, location) => {
  expect(withoutEndingSlash('https://api.test', url)).toBe(location);
});

test.each(['/', '/crm/v3/owners', '/crm/v3/owners?email=a/'])('%s stays as it is', (url) => {
  expect(withoutEndingSlash('https://api.test', url)).toBeUndefined();
});
