import { isPublic, type Operation, type Route } from './operation.ts';

/** The HTTP APIs. `api` and `engage` ask for a token and stand behind one address; `public` serves forms and pages at its own. */
export type ApiName = 'api' | 'engage' | 'public';

/** API Gateway's quotas per API: integrations, one for each row, cannot be raised; routes can, but a new account has no more. */
export const mostIntegrations = 300;
export const mostRoutes = 300;

/**
 * The first segments of the paths that the API `engage` serves, what is not the CRM itself; `api` has all others. The distribution in front of both has one
 * behaviour for each, of the 75 that it may have. A segment that moves makes its routes anew in the other API, and for the minutes that
 * the front takes to change its requests are answered 404.
 */
export const engageSegments = [
  'automation',
  'changesets',
  'communication-preferences',
  'conversations',
  'data-quality',
  'events',
  'feedback',
  'form-integrations',
  'integrations',
  'integrators',
  'marketing',
  'reports',
  'settings',
  'submissions',
  'visitor-identification',
] as const;

/** Which APIs have a route of an operation: one, and both that ask for a token for `$default`. */
export function apisOf(operation: Operation, route: Route): readonly ApiName[] {
  if (isPublic(operation)) return ['public'];
  if (route === '$default') return ['api', 'engage'];
  const segment = route.split('/')[1] ?? '';
  return [(engageSegments as readonly string[]).includes(segment) ? 'engage' : 'api'];
}
