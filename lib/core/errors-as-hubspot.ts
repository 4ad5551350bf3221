import type middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { StaleRead } from '../table/contention.ts';
import { CrmError, isUnavailable, toErrorBody, unavailable } from './errors.ts';
import { logBug } from './log.ts';
import type { Registered } from './operation.ts';

/** The one mapper of errors to answers: ours as HubSpot's body, a busy service as 503, a bug as a bare 500 logged once. */
export const errorsAsHubSpot = ({
  id,
}: Registered): middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> => ({
  onError: (request) => {
    const correlationId = request.event.requestContext.requestId;
    const error = asCrmError(request.error);
    if (error.status === 500) logBug(request.error, { function: id, correlationId });
    request.response = {
      statusCode: error.status,
      headers: {
        'content-type': 'application/json;charset=utf-8',
        'cache-control': 'no-store',
        'x-hubspot-correlation-id': correlationId,
        'x-request-id': correlationId,
        ...(error.options.retryAfter && { 'retry-after': String(error.options.retryAfter) }),
      },
      body: JSON.stringify(toErrorBody(error, correlationId)),
    };
  },
});

/** What a client is told of an error: ours as it is, a busy service as a 503, a bug as a bare 500. */
export function asCrmError(error: unknown): CrmError {
  if (error instanceof CrmError) return error;
  if (error instanceof StaleRead || isUnavailable(error) || isThrottledTransaction(error)) return unavailable();
  return new CrmError('INTERNAL_ERROR', 'internal error');
}

/** A transaction that other writers or a throttle kept out until the time budget was over. */
const isThrottledTransaction = (error: unknown) =>
  error instanceof Error && ['TransactionCanceledException', 'TransactionInProgressException'].includes(error.name);
