import { ApiError } from './api-error.ts';
import { type RestRoute, restRoute } from './rest.ts';

const query = (path: string, kind: string, deleted: boolean): RestRoute =>
  restRoute('GET', path, kind, ({ queries }, { query: parameters, headers, version, now }) => {
    const soql = parameters.get('q');
    if (!soql) throw new ApiError('MALFORMED_QUERY', 'SOQL statements cannot be empty or null');
    const optionsHeader = headers['sforce-query-options'];
    return { status: 200, body: queries.run(soql, { deleted, version, now, ...(optionsHeader && { optionsHeader }) }) };
  });

const more = (path: string): RestRoute =>
  restRoute('GET', `${path}/([^/]+)`, 'query-more', ({ queries }, request, [locator = '']) => ({
    status: 200,
    body: queries.more(locator, request),
  }));

/** SOQL, page by page. */
export const queryRoutes: readonly RestRoute[] = [
  query('/query', 'query', false),
  query('/queryAll', 'query-all', true),
  more('/query'),
  more('/queryAll'),
];
