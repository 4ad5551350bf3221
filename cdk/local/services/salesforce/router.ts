import { decode } from '../../host/route-table.ts';
import { ApiError } from './api-error.ts';
import { changesRoutes } from './changes-routes.ts';
import { collectionRoutes } from './collection-routes.ts';
import { runComposite } from './composite.ts';
import { metadataRoutes } from './metadata-routes.ts';
import { queryRoutes } from './query-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { type Engine, type RestAnswer, type RestRequest, type RestRoute, restRoute } from './rest.ts';

const compositeRoute = restRoute('POST', '/composite', 'composite', (engine, request) =>
  runComposite(engine, request, (each, inner) => runRoute(matchRoute(inner.method, inner.path), each, inner)),
);

/** The first that fits is taken. */
const routes: readonly RestRoute[] = [
  ...metadataRoutes,
  compositeRoute,
  ...changesRoutes,
  ...queryRoutes,
  ...collectionRoutes,
  ...recordRoutes,
];

export type Match = { readonly route: RestRoute; readonly parameters: readonly string[] };

/** Finds what a call is for. @throws ApiError NOT_FOUND, METHOD_NOT_ALLOWED */
export function matchRoute(method: string, path: string): Match {
  const onPath = routes.filter((route) => route.path.test(path));
  const route = onPath.find((each) => each.method === method);
  if (route) {
    const parameters = (route.path.exec(path) ?? []).slice(1).map((part) => decode(part ?? ''));
    return { route, parameters };
  }
  if (onPath.length === 0) throw new ApiError('NOT_FOUND', 'The requested resource does not exist');
  const allowed = [...new Set(onPath.map((each) => each.method))].join(',');
  throw new ApiError('METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are ${allowed}`);
}

/** Runs a call; what is refused becomes an answer. */
export function runRoute({ route, parameters }: Match, engine: Engine, request: RestRequest): RestAnswer {
  try {
    return route.run(engine, request, parameters);
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, body: error.toBody() };
    throw error;
  }
}
