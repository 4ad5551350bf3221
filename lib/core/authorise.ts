import type middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { app } from './app.ts';
import { isPublic, type Operation } from './operation.ts';
import { requiredScope, requireScope } from './scopes.ts';
import { readToken } from './token.ts';

/** The token of a request whose client can send it in the query only. It is in no log: API Gateway's tells the route alone. */
const keyOf = ({ tokenInQuery }: Operation, { queryStringParameters }: APIGatewayProxyEventV2): string | undefined => {
  const key = tokenInQuery ? queryStringParameters?.hapikey : undefined;
  return key === undefined ? undefined : `Bearer ${key}`;
};

/**
 * Lets a request pass when its token holds the row's scope, and hands on who asks and what else the token holds. It is not a gateway authorizer because an
 * HTTP API cannot shape the 401 and 403 bodies that HubSpot's clients parse.
 */
export const authorise = (
  operation: Operation,
): middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> => ({
  before: async ({ event, context }) => {
    const caller = context as Context & { actor: unknown; scopes?: readonly string[] };
    if (isPublic(operation)) {
      caller.actor = { kind: 'system', id: 'public' };
      return;
    }
    const { table } = app({ actor: { kind: 'system', id: 'authorise' } });
    const token = await readToken(table, event.headers.authorization ?? keyOf(operation, event));
    if (operation.scope) requireScope(token, requiredScope(operation.scope, event.pathParameters ?? {}));
    caller.scopes = token.scopes;
    caller.actor = token.userId ? { kind: 'user', id: token.userId } : { kind: 'token', id: token.tokenId };
  },
});
