import { expect, test } from 'vitest';
import { RouteTable } from '../../../cdk/local/host/route-table.ts';

const routes = (...keys: string[]) =>
  new RouteTable(keys.map((routeKey) => ({ api: 'api', routeKey, functionId: routeKey })));

const table = routes(
  'GET /objects/{type}',
  'POST /objects/{type}',
  'GET /objects/contacts',
  'GET /objects/{type}/{id}',
  'GET /objects/{other}/search',
  'GET /files/{path+}',
  'ANY /any',
  'GET /f/{formId}',
  '$default',
);
const match = (method: string, path: string) => {
  const found = table.match(method, path);
  return [found?.route.routeKey, found?.parameters];
};

test('a literal path beats a variable, a variable beats a greedy one, and $default takes the rest', () => {
  expect(match('GET', '/objects/contacts')).toEqual(['GET /objects/contacts', {}]);
  expect(match('GET', '/objects/deals')).toEqual(['GET /objects/{type}', { type: 'deals' }]);
  expect(match('GET', '/objects/deals/search')).toEqual(['GET /objects/{other}/search', { other: 'deals' }]);
  expect(match('GET', '/files/a/b%20c')).toEqual(['GET /files/{path+}', { path: 'a/b c' }]);
  expect(match('GET', '/nowhere')).toEqual(['$default', {}]);
});

test('a literal path without the method leaves the request to a variable that has it', () => {
  expect(match('POST', '/objects/contacts')).toEqual(['POST /objects/{type}', { type: 'contacts' }]);
  expect(match('DELETE', '/objects/contacts')).toEqual(['$default', {}]);
});

test('ANY takes every method', () => {
  expect(match('PATCH', '/any')).toEqual(['ANY /any', {}]);
});

test('path variables are decoded; what cannot be decoded stays', () => {
  expect(match('GET', '/objects/%E9%80%A3/a%2Fb')).toEqual(['GET /objects/{type}/{id}', { type: '連', id: 'a/b' }]);
  expect(match('GET', '/objects/%zz')).toEqual(['GET /objects/{type}', { type: '%zz' }]);
});

test('a slash at the end makes another path, as at API Gateway', () => {
  expect(match('GET', '/objects/deals/')).toEqual(['$default', {}]);
});

test('a path is known whatever the method, but for what only $default takes', () => {
  expect(['/f/1', '/objects/contacts', '/nowhere'].map((path) => table.knows(path))).toEqual([true, true, false]);
});
