import { describe, expect, test } from 'vitest';
import { isPublic, type Operation, ownRoutesOf, type Route, routesOf } from '../../lib/core/operation.ts';
import { cases, present, synthesized } from './synthesized.ts';

const apis = { api: 'tsunagi-http/ApiHttp', public: 'tsunagi-http/PublicHttp' };

describe.each(cases)('the HTTP APIs of the lists: %s', (_, tables) => {
  const { ofType } = synthesized(tables);
  const routes = ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => properties);
  const integrations = ofType('AWS::ApiGatewayV2::Integration');

  // API Gateway refuses a route that ends in a slash; `$default` sends those requests on.
  const routable = (row: Operation) => routesOf(row).filter((route) => !route.endsWith('/'));

  test('each API has the routes of its rows that do not end in a slash, and no others', () => {
    for (const [name, apiId] of Object.entries(apis)) {
      const rows = tables.operations.filter((row) => isPublic(row) === (name === 'public'));
      const keys = routes.filter((route) => route.ApiId === apiId).map((route) => route.RouteKey);
      expect(keys.sort()).toEqual(rows.flatMap(routable).sort());
    }
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
        const route = routes.find((candidate) => candidate.RouteKey === key);
        const { properties: integration } = present(
          integrations.find(({ name }) => route?.Target === `integrations/${name}`),
          `an integration for ${key}`,
        );
        expect(integration).toMatchObject({
          ApiId: route?.ApiId,
          IntegrationType: 'AWS_PROXY',
          PayloadFormatVersion: '2.0',
        });
        expect(handlers.get(integration.IntegrationUri)).toBe(`${row.id}.handler`);
      }
    }
  });

  test('API Gateway may start the function of each integration, for the API of that integration only', () => {
    const permissions = ofType('AWS::Lambda::Permission').map(({ properties }) => properties);
    for (const { properties } of integrations) {
      expect(permissions.filter(({ FunctionName }) => FunctionName === properties.IntegrationUri)).toMatchObject([
        {
          Principal: 'apigateway.amazonaws.com',
          SourceArn: `arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:${properties.ApiId}/*/*`,
        },
      ]);
    }
  });

  test('no two routes of an API are the same one to API Gateway, which does not read the names of variables', () => {
    const seen = routes.map((route) => `${route.ApiId} ${route.RouteKey.replace(/\{[^}+]+/g, '{')}`);
    expect(seen.filter((route, index) => seen.indexOf(route) !== index)).toEqual([]);
  });

  test('each API stays below the 300 integrations that API Gateway allows, and the 600 routes that README asks AWS for', () => {
    for (const apiId of Object.values(apis)) {
      const ofApi = (resources: readonly { ApiId: string }[]) =>
        resources.filter((resource) => resource.ApiId === apiId).length;
      expect(ofApi(routes)).toBeLessThanOrEqual(600);
      expect(ofApi(integrations.map(({ properties }) => properties))).toBeLessThanOrEqual(300);
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
      .flatMap(ownRoutesOf)
      .filter((key) => !key.endsWith('/'))
      .sort(),
  );
});

describe('the two APIs', () => {
  const { ofType } = synthesized(cases[0]?.[1] ?? expect.unreachable());

  test('any origin may post to the public API and none to the other', () => {
    const cors = Object.fromEntries(
      ofType('AWS::ApiGatewayV2::Api').map(({ name, properties }) => [name, properties.CorsConfiguration]),
    );
    expect(cors).toEqual({
      [apis.api]: undefined,
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
      [{ Name: 'ApiId', Value: apis.public }],
    ]);
  });
});
