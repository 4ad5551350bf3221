import * as z from 'zod/mini';
import { ApiError } from './api-error.ts';
import { referred, UnknownReference } from './composite-reference.ts';
import { allowsDuplicates, type Engine, objectBody, type RestAnswer, type RestRequest } from './rest.ts';

const mostRequests = 25;
const mostQueries = 5;

const Subrequest = z.object({
  method: z.string(),
  url: z.string(),
  referenceId: z.string().check(z.regex(/^[A-Za-z0-9_]+$/)),
  body: z.optional(z.unknown()),
  httpHeaders: z._default(z.record(z.string(), z.string()), {}),
});
type Subrequest = z.output<typeof Subrequest>;

const Composite = z.object({
  allOrNone: z._default(z.boolean(), false),
  compositeRequest: z.array(Subrequest),
});

type Result = {
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly httpStatusCode: number;
  readonly referenceId: string;
};

/** Serves one subrequest as if it had come alone. */
export type Dispatch = (engine: Engine, request: RestRequest) => RestAnswer;

/** Up to 25 requests in one call, one after another; a later one may name what an earlier one answered. */
export function runComposite(engine: Engine, request: RestRequest, dispatch: Dispatch): RestAnswer {
  const { allOrNone, compositeRequest } = readComposite(request.body);
  try {
    return engine.store.attempt(() => {
      const results = runAll(compositeRequest, (subrequest) => dispatch(engine, inner(request, subrequest)));
      if (allOrNone && results.some(isFailure)) throw new Halted(results);
      return { status: 200, body: { compositeResponse: results } };
    });
  } catch (error) {
    if (error instanceof Halted) return { status: 200, body: { compositeResponse: error.results.map(rolledBack) } };
    throw error;
  }
}

function readComposite(body: unknown): z.output<typeof Composite> {
  const read = Composite.safeParse(objectBody(body));
  if (!read.success) throw new ApiError('JSON_PARSER_ERROR', z.prettifyError(read.error));
  const { compositeRequest } = read.data;
  if (compositeRequest.length > mostRequests)
    throw new ApiError('EXCEEDED_ID_LIMIT', `A composite request takes at most ${mostRequests} subrequests`);
  const heavy = compositeRequest.filter(({ url }) => /\/(query|queryAll|composite\/sobjects)(\/|\?|$)/i.test(url));
  if (heavy.length > mostQueries)
    throw new ApiError('LIMIT_EXCEEDED', `A composite request takes at most ${mostQueries} queries and collections`);
  const names = compositeRequest.map(({ referenceId }) => referenceId);
  if (new Set(names).size < names.length)
    throw new ApiError('INVALID_INPUT', 'The referenceId of each subrequest has to be its own');
  return read.data;
}

type Run = (subrequest: Subrequest) => RestAnswer;

function runAll(subrequests: readonly Subrequest[], run: Run): Result[] {
  const results: Result[] = [];
  for (const subrequest of subrequests) results.push(runOne(subrequest, results, run));
  return results;
}

function runOne(subrequest: Subrequest, before: readonly Result[], run: Run): Result {
  const { referenceId } = subrequest;
  const succeeded = before.filter((result) => !isFailure(result));
  const answered = new Map(succeeded.map((result) => [result.referenceId, result.body]));
  try {
    const url = String(referred(subrequest.url, answered));
    const { status, body = null } = run({ ...subrequest, url, body: referred(subrequest.body, answered) });
    return { body, httpHeaders: locationOf(body, url, status), httpStatusCode: status, referenceId };
  } catch (error) {
    if (error instanceof UnknownReference) return halted(referenceId, error.message);
    if (error instanceof ApiError)
      return { body: error.toBody(), httpHeaders: {}, httpStatusCode: error.status, referenceId };
    throw error;
  }
}

function inner(outer: RestRequest, { method, url, body, httpHeaders }: Subrequest): RestRequest {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [, version = '', path = ''] = /^\/services\/data\/(v\d+\.0)(\/.*)?$/.exec(pathname) ?? [];
  if (version !== outer.version || /^\/composite\/?$/i.test(path))
    throw new ApiError('NOT_FOUND', 'The requested resource does not exist');
  const headers = Object.fromEntries(Object.entries(httpHeaders).map(([name, value]) => [name.toLowerCase(), value]));
  const allowDuplicates = allowsDuplicates(headers) || outer.author.allowDuplicates;
  const author = { ...outer.author, allowDuplicates };
  return { ...outer, method: method.toUpperCase(), path, query: searchParams, body, headers, author };
}

const locationOf = (body: unknown, url: string, status: number): Record<string, string> =>
  status === 201 && typeof body === 'object' && body !== null && 'id' in body
    ? { Location: `${url.split('?')[0]}/${String(body.id)}` }
    : {};

const isFailure = ({ httpStatusCode }: Result): boolean => httpStatusCode >= 300;

const halted = (referenceId: string, message: string): Result => ({
  body: [{ errorCode: 'PROCESSING_HALTED', message }],
  httpHeaders: {},
  httpStatusCode: 400,
  referenceId,
});

const rolledBack = (result: Result): Result =>
  isFailure(result)
    ? result
    : halted(
        result.referenceId,
        'The transaction was rolled back since another operation in the same transaction failed.',
      );

/** Carries the results out of a transaction that is undone. */
class Halted extends Error {
  readonly results: readonly Result[];

  constructor(results: readonly Result[]) {
    super('a subrequest of an allOrNone request failed');
    this.results = results;
  }
}
