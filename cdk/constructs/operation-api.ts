import { Aws, Validations } from 'aws-cdk-lib';
import { CfnIntegration, CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Code, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type ApiName, apisOf } from '../../lib/core/apis.ts';
import {
  isPublic,
  ownRoutesOf,
  type Registered,
  type Route,
  routesOf,
  usualOperationSeconds,
} from '../../lib/core/operation.ts';
import { pascal } from './names.ts';
import type { Platform } from './platform.ts';
import { RowFunction } from './row-function.ts';

/** The ids of the HTTP APIs. */
export type ApiIds = Readonly<Record<ApiName, string>>;

interface OperationApiProps {
  readonly operations: readonly Registered[];
  readonly apis: ApiIds;
  readonly code: Code;
  readonly platform: Platform;
}

/** API Gateway gives up after 30 s; a function that runs longer would answer nobody. */
const longestOperationSeconds = 29;

/** One function for each operation, with a route for each of its paths in the API of that path. Nothing is routed that is not declared. */
export class OperationApi extends Construct {
  private readonly props: OperationApiProps;
  private readonly routes: Construct;

  constructor(scope: Construct, id: string, props: OperationApiProps) {
    super(scope, id);
    this.props = props;
    this.routes = new Construct(this, 'Routes');
    for (const operation of props.operations) this.add(operation);
  }

  private add(operation: Registered): void {
    const { apis, code, platform } = this.props;
    const timeoutSeconds = operation.timeoutSeconds ?? usualOperationSeconds;
    if (timeoutSeconds > longestOperationSeconds)
      throw new Error(`${operation.id} may run ${timeoutSeconds} s, API Gateway waits 30 s`);
    const fn = new RowFunction(this, {
      row: operation,
      description: `${operation.route}: ${operation.summary}`,
      code,
      platform,
      timeoutSeconds,
      // Links lead to the front: the host that a request names behind it is the API's.
      ...(!isPublic(operation) && { variables: { API_HOST: platform.apiHost } }),
    });
    const routes = (platform.datedPaths === 'route' ? routesOf(operation) : ownRoutesOf(operation)).filter(isRoutable);
    const byApi = Map.groupBy(
      routes.flatMap((route) => apisOf(operation, route).map((api) => ({ api, route }))),
      ({ api }) => api,
    );
    for (const [index, [api, own]] of [...byApi].entries()) {
      const routeKeys = own.map(({ route }) => route);
      connect(this.routes, { id: operation.id, ...(index > 0 && { also: api }), apiId: apis[api], fn, routeKeys });
    }
  }
}

/**
 * API Gateway refuses a route that ends in a slash, and matches none to a request that does. Such a request comes to the
 * `$default` route, which sends it on to the path without the slash.
 */
const isRoutable = (route: Route) => !route.endsWith('/');

interface Connection {
  readonly id: string;
  /** For a second API of the operation. The names in the first one are as they would be without it. */
  readonly also?: ApiName;
  readonly apiId: string;
  readonly fn: IFunction;
  readonly routeKeys: readonly string[];
}

/** Leads routes of one API to one function: one integration and one permission for all of them. */
function connect(routes: Construct, { id, also, apiId, fn, routeKeys }: Connection): void {
  const name = pascal(also ? `${id}-${also}` : id);
  const integration = new CfnIntegration(routes, `${name}Integration`, {
    apiId,
    integrationType: 'AWS_PROXY',
    integrationUri: fn.functionArn,
    payloadFormatVersion: '2.0',
  });
  fn.addPermission(`${name}Permission`, {
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${apiId}/*/*`,
  });
  for (const routeKey of routeKeys) {
    // The id is the route's own, not the operation's: a path that moves to another operation of the area is an update
    // in place, where a second route of the same key would be refused.
    const route = new CfnRoute(routes, routeKey.replaceAll('/', '.') + (also ?? ''), {
      apiId,
      routeKey,
      authorizationType: 'NONE',
      target: `integrations/${integration.ref}`,
    });
    Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: noGatewayAuthorizer });
  }
}

const noGatewayAuthorizer =
  'An HTTP API cannot shape the 401 and 403 bodies that HubSpot clients parse; the authorise middleware of every ' +
  'operation checks the token, and a test proves it for each row. Public paths have no token by design.';
