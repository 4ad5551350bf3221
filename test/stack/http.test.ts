import { matchesGlob } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ApiName, apisOf, engageSegments, mostIntegrations, mostRoutes } from '../../lib/core/apis.ts';
import { isPublic, type Operation, ownRoutesOf, type Route, routesOf } from '../../lib/core/operation.ts';
import { cases, present, synthesized } from './synthesized.ts';

const apis: Record<ApiName, string> = {
  api: 'tsunagi-http/ApiHttp',
  engage: 'tsunagi-http/EngageHttp',
  public: 'tsunagi-http/PublicHttp',
};

describe.each(cases)('the HTTP APIs of the lists: %s', (_, tables) => {
  const { ofType } = synthesized(tables);
  const routes = ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => properties);
  const integrations = ofType('AWS::ApiGatewayV2::Integration');

  // API Gateway refuses a route that ends in a slash; `$default` sends those requests on.
  const routable = (row: Operation) => routesOf(row).filter((route) => !route.endsWith('/'));

  test('each API has its routes of the rows that do not end in a slash, and no others', () => {
    for (const [name, apiId] of Object.entries(apis)) {
      const own = tables.operations.flatMap((row) =>
        routable(row).filter((route) => apisOf(row, route).includes(name as ApiName)),
      );
      const keys = routes.filter((route) => route.ApiId === apiId).map((route) => route.RouteKey);
      expect(keys.sort()).toEqual(own.sort());
    }
  });

  test('the front sends each path to the API that has its route, and a path that no row has to one that answers it', () => {
    const front = frontOf(ofType);
    for (const row of tables.operations.filter((each) => !isPublic(each))) {
      for (const route of routable(row).filter((key) => key !== '$default')) {
        const path = route.slice(route.indexOf(' ') + 1).replace(/\{[^}]+\}/g, 'x');
        expect([route, [front(path)]]).toEqual([route, apisOf(row, route)]);
      }
    }
    const answering = routes.filter(({ RouteKey }) => RouteKey === '$default').map(({ ApiId }) => ApiId);
    expect(answering.sort()).toEqual([apis.api, apis.engage]);
    expect([front('/nowhere'), front('/marketing/v9/nowhere'), front('/marketing')]).toEqual(['api', 'engage', 'api']);
  });

  test('a row is reached without a slash at its end, and only one with a token with it', () => {
    for (const row of tables.operations) {
      const slashed = routesOf(row).filter((route) => route.endsWith('/'));
      expect(slashed.filter((route) => isPublic(row) || !routable(row).includes(route.slice(0, -1) as Route))).toEqual(
        [],
      );
    }
  });

  test('a route leads to the function of its row, with the payload that handlers read', () => {
    const handlers = new Map(
      ofType('AWS::Lambda::Function').map(({ name, properties }) => [`${name}.Arn`, properties.Handler]),
    );
    for (const row of tables.operations) {
      for (const key of routable(row)) {
        for (const route of routes.filter((candidate) => candidate.RouteKey === key)) {
          const { properties: integration } = present(
            integrations.find(({ name }) => route.Target === `integrations/${name}`),
            `an integration for ${key}`,
          );
          expect(integration).toMatchObject({
            ApiId: route.ApiId,
            IntegrationType: 'AWS_PROXY',
            PayloadFormatVersion: '2.0',
          });
          expect(handlers.get(integration.IntegrationUri)).toBe(`${row.id}.handler`);
        }
      }
    }
  });

  test('API Gateway may start the function of each integration, for the API of that integration only', () => {
    const permissions = ofType('AWS::Lambda::Permission').map(({ properties }) => properties);
    const starts = permissions
      .filter(({ Principal }) => Principal === 'apigateway.amazonaws.com')
      .map(({ FunctionName, SourceArn }) => `${FunctionName} ${SourceArn}`);
    const needed = integrations.map(
      ({ properties: { IntegrationUri, ApiId } }) =>
        `${IntegrationUri} arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:${ApiId}/*/*`,
    );
    expect(starts.sort()).toEqual(needed.sort());
  });

  test('no two routes of an API are the same one to API Gateway, which does not read the names of variables', () => {
    const seen = routes.map((route) => `${route.ApiId} ${route.RouteKey.replace(/\{[^}+]+/g, '{')}`);
    expect(seen.filter((route, index) => seen.indexOf(route) !== index)).toEqual([]);
  });

  test('each API has room left below the 300 integrations and the 300 routes that API Gateway gives a new account', () => {
    const ofApi = (resources: readonly { ApiId: string }[], apiId: string) =>
      resources.filter((resource) => resource.ApiId === apiId).length;
    const counts = Object.entries(apis).map(([name, apiId]) => ({
      name,
      routes: ofApi(routes, apiId),
      integrations: ofApi(
        integrations.map(({ properties }) => properties),
        apiId,
      ),
    }));
    console.log(counts.map((api) => `${api.name}: ${api.routes} routes, ${api.integrations} integrations`).join('; '));
    for (const api of counts) {
      expect(api.routes, api.name).toBeLessThanOrEqual(mostRoutes - 10);
      expect(api.integrations, api.name).toBeLessThanOrEqual(mostIntegrations - 20);
    }
  });
});

test('without routes for dated paths, the rows have the routes that they name and every other one is sent on', () => {
  const tables = cases[1]?.[1] ?? expect.unreachable();
  const { ofType } = synthesized(tables, { datedPaths: 'redirect' });
  const keys = ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => properties.RouteKey);
  expect(keys.filter((key) => key.includes('{version}'))).toEqual([]);
  expect(keys.sort()).toEqual(
    tables.operations
      .flatMap((row) => ownRoutesOf(row).flatMap((key) => apisOf(row, key).map(() => key)))
      .filter((key) => !key.endsWith('/'))
      .sort(),
  );
});

describe('the APIs', () => {
  const { ofType } = synthesized(cases[0]?.[1] ?? expect.unreachable());

  test('any origin may post to the public API and none to the others', () => {
    const cors = Object.fromEntries(
      ofType('AWS::ApiGatewayV2::Api').map(({ name, properties }) => [name, properties.CorsConfiguration]),
    );
    expect(cors).toEqual({
      [apis.api]: undefined,
      [apis.engage]: undefined,
      [apis.public]: {
        AllowHeaders: ['content-type', 'idempotency-key'],
        AllowMethods: ['GET', 'POST', 'OPTIONS'],
        AllowOrigins: ['*'],
        MaxAge: 86_400,
      },
    });
  });

  test('requests are throttled and logged by route, without what tells who it was', () => {
    const stages = ofType('AWS::ApiGatewayV2::Stage').map(({ properties }) => properties);
    expect(stages.map((stage) => stage.ApiId).sort()).toEqual(Object.values(apis));
    for (const stage of stages) {
      expect(stage).toMatchObject({ StageName: '$default', AutoDeploy: true });
      expect(stage.DefaultRouteSettings.ThrottlingRateLimit).toBeGreaterThan(0);
      expect(stage.DefaultRouteSettings.ThrottlingBurstLimit).toBeGreaterThan(0);
      expect(stage.AccessLogSettings.DestinationArn).toMatch(/AccessLog\.Arn$/);
      expect(JSON.parse(stage.AccessLogSettings.Format)).toHaveProperty('routeKey', '$context.routeKey');
      expect(stage.AccessLogSettings.Format).not.toMatch(/context\.(path|http|identity|authorizer)/);
    }
  });

  test('server errors raise an alarm for each API', () => {
    const alarms = ofType('AWS::CloudWatch::Alarm').filter(({ properties }) => properties.MetricName === '5xx');
    expect(alarms.map(({ properties }) => properties.Dimensions)).toEqual([
      [{ Name: 'ApiId', Value: apis.api }],
      [{ Name: 'ApiId', Value: apis.engage }],
      [{ Name: 'ApiId', Value: apis.public }],
    ]);
  });
});

describe('the front of the token APIs', () => {
  const tables = cases[0]?.[1] ?? expect.unreachable();
  const configOf = (options: Parameters<typeof synthesized>[1] = {}) =>
    present(synthesized(tables, options).ofType('AWS::CloudFront::Distribution')[0], 'the front').properties
      .DistributionConfig;
  const config = configOf();
  const behaviours = [config.DefaultCacheBehavior, ...config.CacheBehaviors];

  test('has one behaviour a segment, fewer than the 25 that were once the most', () => {
    expect(config.CacheBehaviors.map(({ PathPattern }) => PathPattern)).toEqual(
      engageSegments.map((segment) => `/${segment}/*`),
    );
    expect(config.CacheBehaviors.length).toBeLessThan(25);
  });

  test('hands every method on with all that came but the host, over TLS, and keeps no answer and no error', () => {
    for (const behaviour of behaviours) {
      expect(behaviour).toMatchObject({
        AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        // AWS's own policies CachingDisabled and AllViewerExceptHostHeader.
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        ViewerProtocolPolicy: 'https-only',
        Compress: false,
      });
    }
    expect(config.CustomErrorResponses.map(({ ErrorCode }) => ErrorCode)).toEqual([
      400, 403, 404, 405, 414, 500, 501, 502, 503, 504,
    ]);
    expect(config.CustomErrorResponses.every(({ ErrorCachingMinTTL }) => ErrorCachingMinTTL === 0)).toBe(true);
    expect(config).toMatchObject({ HttpVersion: 'http2and3', IPV6Enabled: true, Enabled: true });
    expect(config).not.toHaveProperty('Logging');
  });

  test('waits longer for an API than API Gateway does for a function', () => {
    for (const { CustomOriginConfig } of config.Origins) {
      expect(CustomOriginConfig).toMatchObject({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] });
      expect(CustomOriginConfig.OriginReadTimeout).toBeGreaterThan(30);
    }
  });

  test('has a name of its own with TLS 1.2 where one is given, to which links lead', () => {
    const settings = {
      apiDomain: 'crm.example.jp',
      apiCertificate: 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b',
    };
    expect(configOf(settings)).toMatchObject({
      Aliases: ['crm.example.jp'],
      ViewerCertificate: { AcmCertificateArn: settings.apiCertificate, MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
    const hosts = synthesized(tables, settings)
      .ofType('AWS::Lambda::Function')
      .map(({ properties }) => properties.Environment.Variables.API_HOST);
    expect(new Set(hosts)).toEqual(new Set([undefined, 'crm.example.jp']));
    expect(() => configOf({ apiDomain: 'crm.example.jp' })).toThrow('apiCertificate');
  });
});

/** Which API the distribution sends a path to, by its behaviours alone. */
function frontOf(ofType: ReturnType<typeof synthesized>['ofType']): (path: string) => string | undefined {
  const [front] = ofType('AWS::CloudFront::Distribution');
  const { Origins, CacheBehaviors, DefaultCacheBehavior } = present(front, 'the front').properties.DistributionConfig;
  const apiOf = (originId: string) => {
    const host = Origins.find(({ Id }) => Id === originId)?.DomainName.split('.execute-api.')[0];
    return Object.entries(apis).find(([, id]) => id === host)?.[0];
  };
  return (path) => {
    const behaviour = CacheBehaviors.find(({ PathPattern }) => matchesGlob(path, PathPattern.replace('*', '**')));
    return apiOf((behaviour ?? DefaultCacheBehavior).TargetOriginId);
  };
}
