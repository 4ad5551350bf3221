import { describe, expect, test } from 'vitest';
import { aliasesOf, knowsVersion, pathBehind } from '../../../lib/core/aliases.ts';

describe("HubSpot's other spellings of a path", () => {
  test.each([
    ['/crm/v3/objects/{objectType}/{objectId}', ['/crm/objects/{version}/{objectType}/{objectId}']],
    [
      '/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}',
      ['/crm/objects/{version}/{objectType}/{objectId}/associations/{toObjectType}'],
    ],
    // The dated path of these two would be the one of v4.
    ['/crm/v3/objects/{objectType}/{objectId}/associations/{toObjectType}', []],
    ['/crm/v3/associations/{fromObjectType}/{toObjectType}/batch/read', []],
    ['/crm-object-schemas/v3/schemas', ['/crm/v3/schemas', '/crm-object-schemas/{version}/schemas']],
    ['/events/v3/send/batch', ['/events/{version}/send/batch', '/events/custom/{version}/send/batch']],
    ['/crm/v3/owners/', []],
    ['/jobs/v1/jobs', []],
  ])('%s', (path, aliases) => {
    expect(aliasesOf(path)).toEqual(aliases);
  });

  test.each([
    ['GET /crm/objects/{version}/{objectType}', '2026-03', true],
    ['GET /crm/objects/{version}/{objectType}', 'v3', true],
    ['GET /crm/objects/{version}/{objectType}', '2019-03', false],
    ['GET /crm/objects/{version}/{objectType}/{objectId}/associations/{toObjectType}', 'v4', true],
    ['GET /crm/objects/{version}/{objectType}/{objectId}/associations/{toObjectType}', 'v3', false],
    ['POST /events/{version}/send', '2026-03', true],
    ['POST /events/{version}/send', '2026-09', false],
    ['POST /events/custom/{version}/send', '2026-09', true],
  ])('%s of %s: %s', (routeKey, version, known) => {
    expect(knowsVersion(routeKey, version)).toBe(known);
  });

  test.each([
    ['/crm/objects/2026-09/contacts/7', '/crm/v3/objects/contacts/7'],
    ['/crm/objects/2026-09/contacts/7/associations/deals', '/crm/v4/objects/contacts/7/associations/deals'],
    ['/crm/associations/v4/definitions/configurations/all', '/crm/v4/associations/definitions/configurations/all'],
    ['/crm/lists/2026-03', '/crm/v3/lists'],
    ['/integrators/timeline/2026-03/events/batch', '/integrators/timeline/v3/events/batch/create'],
    ['/integrators/timeline/2026-03/events', '/integrators/timeline/v3/events'],
    ['/crm/listsome/2026-03', undefined],
    ['/crm/v3/objects/contacts', undefined],
    ['/crm/objects/2019-01/contacts', undefined],
  ])('%s stands for %s', (alias, path) => {
    expect(pathBehind(alias)).toBe(path);
  });
});
