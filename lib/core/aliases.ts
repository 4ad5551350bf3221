/**
 * HubSpot's other spellings of the same paths (`/crm/v3/objects` is also `/crm/objects/2026-03`), for every row of a family: one rule
 * a family, no list by row. `{version}` is a variable of the route, so that one route serves all versions of a path.
 */
type Family = {
  /** How the path of a row begins. */
  readonly path: string;
  /** How it begins in the other spelling. */
  readonly alias: string;
  /** What `{version}` may be; any other version is an unknown path. */
  readonly versions?: readonly string[];
  /** The rule is of this one path, not of those below it. */
  readonly alone?: true;
};

const dated = ['2025-09', '2026-03', '2026-09'];
const since3 = ['v3', ...dated];
const since4 = ['v4', ...dated];

const families: readonly Family[] = [
  // The dated association paths are those of v4: the ones of v3 under a record have none.
  { path: '/crm/v4/objects/', alias: '/crm/objects/{version}/', versions: since4 },
  { path: '/crm/v3/objects/', alias: '/crm/objects/{version}/', versions: since3 },
  { path: '/crm/v4/associations/', alias: '/crm/associations/{version}/', versions: since4 },
  { path: '/crm/v3/properties/', alias: '/crm/properties/{version}/', versions: since3 },
  { path: '/crm/v3/property-validations/', alias: '/crm/property-validations/{version}/', versions: since3 },
  { path: '/crm/v3/pipelines/', alias: '/crm/pipelines/{version}/', versions: since3 },
  { path: '/crm/v3/lists', alias: '/crm/lists/{version}', versions: since3 },
  { path: '/crm/v3/owners', alias: '/crm/owners/{version}', versions: since3 },
  { path: '/crm/v3/imports', alias: '/crm/imports/{version}', versions: since3 },
  { path: '/crm/v3/exports/', alias: '/crm/exports/{version}/', versions: since3 },
  { path: '/crm/v3/limits/', alias: '/crm/limits/{version}/', versions: since3 },
  { path: '/crm-object-schemas/v3/schemas', alias: '/crm/v3/schemas' },
  { path: '/crm-object-schemas/v3/schemas', alias: '/crm-object-schemas/{version}/schemas', versions: dated },
  { path: '/account-info/v3/', alias: '/account-info/{version}/', versions: dated },
  { path: '/settings/v3/users', alias: '/settings/users/{version}', versions: since3 },
  {
    path: '/integrators/timeline/v3/events/batch/create',
    alias: '/integrators/timeline/{version}/events/batch',
    versions: dated,
    alone: true,
  },
  { path: '/integrators/timeline/v3/', alias: '/integrators/timeline/{version}/', versions: dated },
  { path: '/events/v3/send', alias: '/events/{version}/send', versions: ['2025-09', '2026-03'] },
  {
    path: '/events/v3/event-definitions',
    alias: '/events/{version}/event-definitions',
    versions: ['2025-09', '2026-03'],
  },
  { path: '/marketing/v3/emails', alias: '/marketing/emails/{version}', versions: since3 },
  // Custom events moved in 2026-09.
  { path: '/events/v3/send', alias: '/events/custom/{version}/send', versions: ['2026-09'] },
  { path: '/events/v3/event-definitions', alias: '/events/custom/{version}/event-definitions', versions: ['2026-09'] },
  { path: '/communication-preferences/v4/', alias: '/communication-preferences/{version}/', versions: dated },
  { path: '/marketing/v3/transactional/', alias: '/marketing/transactional/{version}/', versions: dated },
  {
    path: '/marketing/v4/email/single-send',
    alias: '/marketing/email-campaigns/{version}/single-send',
    versions: dated,
    alone: true,
  },
  { path: '/events/v3/events', alias: '/events/event-occurrences/{version}', versions: dated },
  {
    path: '/conversations/v3/conversations/',
    alias: '/conversations/conversations/{version}/',
    versions: ['2026-09'],
  },
];

/** A path of v3 whose dated spelling means the one of v4. */
const withoutAlias = /^\/crm\/v3\/objects\/[^/]+\/[^/]+\/associations\//;

/** The other spellings of a path, with the same variables in the same places. */
export const aliasesOf = (path: string): readonly string[] =>
  withoutAlias.test(path) || path.endsWith('/')
    ? []
    : families.flatMap((family) =>
        path.startsWith(family.path) && (!family.alone || path === family.path)
          ? [family.alias + path.slice(family.path.length)]
          : [],
      );

/** Whether the route that was taken knows this version. `routeKey` is API Gateway's: `GET /crm/objects/{version}/{objectType}`. */
export function knowsVersion(routeKey: string, version: string): boolean {
  const path = routeKey.slice(routeKey.indexOf(' ') + 1);
  return families.some(
    ({ path: prefix, alias, versions }) =>
      versions?.includes(version) && path.startsWith(alias) && sameKind(prefix, path.slice(alias.length)),
  );
}

/** Two families share `/crm/objects/{version}`: associations of a record are those of v4, everything else is of v3. */
function sameKind(prefix: string, rest: string): boolean {
  if (prefix !== '/crm/v3/objects/' && prefix !== '/crm/v4/objects/') return true;
  return (prefix === '/crm/v4/objects/') === /^[^/]+\/[^/]+\/associations\//.test(rest);
}

/** The path that an alias stands for, for installations in which aliases have no routes; undefined for every other path. */
export function pathBehind(path: string): string | undefined {
  for (const { path: prefix, alias, versions = [''], alone } of families) {
    for (const version of versions) {
      const spelled = alias.replace('{version}', version);
      const rest = path.startsWith(spelled) ? path.slice(spelled.length) : undefined;
      const whole = rest === '' || (!alone && (rest?.startsWith('/') || spelled.endsWith('/')));
      if (rest !== undefined && whole && sameKind(prefix, rest)) return prefix + rest;
    }
  }
  return undefined;
}
