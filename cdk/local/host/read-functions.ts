import * as z from 'zod/mini';
import type { ApiName } from '../../../lib/core/apis.ts';
import { matches } from '../iam.ts';
import type { CustomResourceModel, FunctionModel, RouteModel, StackModel } from '../model.ts';
import type { Resolver } from '../resolve.ts';
import { assetPath, TemplateError } from '../template.ts';
import { readFront } from './read-front.ts';
import { readPolicies } from './read-policies.ts';
import { type Read, readResources } from './read-resources.ts';

const LambdaFunction = z.object({
  Handler: z.string(),
  Role: z.string(),
  Timeout: z._default(z.coerce.number(), 3),
  MemorySize: z._default(z.coerce.number(), 128),
  Environment: z._default(z.object({ Variables: z._default(z.record(z.string(), z.coerce.string()), {}) }), {
    Variables: {},
  }),
  Runtime: z.string().check(z.regex(/^nodejs/, 'localhost runs Node.js functions only')),
});
const Permission = z.object({
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z._default(z.string(), '*'),
});
const Cors = z.object({
  AllowOrigins: z._default(z.array(z.string()), []),
  AllowMethods: z._default(z.array(z.string()), []),
  AllowHeaders: z._default(z.array(z.string()), []),
  ExposeHeaders: z._default(z.array(z.string()), []),
  AllowCredentials: z._default(z.boolean(), false),
  MaxAge: z.optional(z.coerce.number()),
});
const Api = z.object({ Name: z.string(), ProtocolType: z.literal('HTTP'), CorsConfiguration: z.optional(Cors) });
const Integration = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});
const Route = z.object({ ApiId: z.string(), RouteKey: z.string(), Target: z.string() });

/** The functions, each with what its role allows. The id is the handler's file: `objects/create`. */
export function readFunctions(resolver: Resolver): FunctionModel[] {
  const policies = readPolicies(resolver);
  const found = readResources(resolver, 'AWS::Lambda::Function', LambdaFunction);
  const fileOf = (handler: string) => handler.replace(/\.[^./]+$/, '');
  const uses = Map.groupBy(found, ({ properties }) => fileOf(properties.Handler));
  return found.map(({ stack, logicalId, identity, properties }) => {
    const resource = stack.template.Resources[logicalId];
    const statements = policies.get(properties.Role);
    if (!resource || !statements)
      throw new TemplateError(`${stack.name}/${logicalId}: no stack has its role ${properties.Role}`);
    const file = fileOf(properties.Handler);
    return {
      id: uses.get(file)?.length === 1 ? file : identity.ref,
      name: identity.ref,
      arn: identity.attributes.Arn ?? '',
      assetPath: assetPath(stack, logicalId, resource),
      handler: properties.Handler,
      environment: properties.Environment.Variables,
      timeoutSeconds: properties.Timeout,
      memoryMb: properties.MemorySize,
      policies: statements,
    };
  });
}

/** The function that an ARN names; `arn` may be the gateway's invocation path around it, or a name. */
export function functionOf(functions: readonly FunctionModel[], arn: string, where: string): FunctionModel {
  const bare = /functions\/(arn:.+)\/invocations$/.exec(arn)?.[1] ?? arn;
  const found = functions.find((fn) => fn.arn === bare || fn.name === bare);
  if (!found) throw new TemplateError(`${where} refers to the function ${arn}, which no stack has`);
  return found;
}

/** Whether a service may start a function on behalf of an API or a rule. Without it AWS answers 500 or drops the event. */
export type MayStart = (service: 'apigateway' | 'events', functionId: string, sourceArn: string) => boolean;

/** What the permissions of the functions allow. */
export function readPermissions(resolver: Resolver, functions: readonly FunctionModel[]): MayStart {
  const permissions = readResources(resolver, 'AWS::Lambda::Permission', Permission).map(
    ({ properties: { FunctionName, Principal, SourceArn }, logicalId }) => ({
      key: `${Principal} ${functionOf(functions, FunctionName, logicalId).id}`,
      sources: SourceArn,
    }),
  );
  const sourcesOf = Map.groupBy(permissions, ({ key }) => key);
  return (service, functionId, sourceArn) =>
    sourcesOf.get(`${service}.amazonaws.com ${functionId}`)?.some(({ sources }) => matches(sources, sourceArn)) ??
    false;
}

/** The routes of the HTTP APIs, and which API the front sends a path to. @throws TemplateError for a route that API Gateway would not be permitted to serve. */
export function readRoutes(resolver: Resolver, functions: readonly FunctionModel[], mayStart: MayStart) {
  const { region, accountId } = resolver.place;
  const apis = readResources(resolver, 'AWS::ApiGatewayV2::Api', Api);
  const integrations = new Map(
    readResources(resolver, 'AWS::ApiGatewayV2::Integration', Integration).map((read) => [read.identity.ref, read]),
  );
  const routes = readResources(resolver, 'AWS::ApiGatewayV2::Route', Route).map(
    ({ logicalId, properties }): RouteModel => {
      if (/ \/.*\/$/.test(properties.RouteKey))
        throw new TemplateError(`The route ${properties.RouteKey} ends in a slash, which API Gateway refuses`);
      const api = apis.find(({ identity }) => identity.ref === properties.ApiId);
      const integration = integrations.get(properties.Target.replace('integrations/', ''));
      if (!api || !integration)
        throw new TemplateError(`The route ${properties.RouteKey} lacks its API or its integration`);
      const { id } = functionOf(functions, integration.properties.IntegrationUri, logicalId);
      const request = `${api.identity.ref}/$default/${properties.RouteKey.replace(' ', '')}`;
      if (!mayStart('apigateway', id, `arn:aws:execute-api:${region}:${accountId}:${request}`)) {
        throw new TemplateError(
          `The route ${properties.RouteKey} needs an AWS::Lambda::Permission: API Gateway may not invoke ${id}`,
        );
      }
      return { api: kindOf(api), routeKey: properties.RouteKey, functionId: id };
    },
  );
  const front = readFront(resolver, (id) => {
    const api = apis.find(({ identity }) => identity.ref === id);
    return api && kindOf(api);
  });
  return { routes, front, cors: corsOf(apis) };
}

type ApiRead = Read<z.output<typeof Api>>;

/** The name ends in what the API is. */
const kindOf = ({ properties: { Name } }: ApiRead): ApiName => {
  const kind = (['api', 'engage', 'public'] as const).find((each) => Name.endsWith(each));
  if (!kind) throw new TemplateError(`The HTTP API ${Name} is none that localhost knows`);
  return kind;
};

const corsOf = (apis: readonly ApiRead[]): StackModel['cors'] =>
  Object.fromEntries(apis.map((api) => [kindOf(api), api.properties.CorsConfiguration]));

/** Custom resources, with all properties as CloudFormation hands them to the function. */
export function readCustomResources(resolver: Resolver, functions: readonly FunctionModel[]): CustomResourceModel[] {
  const types = new Set(
    resolver.stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type)),
  );
  const custom = [...types].filter(
    (type) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource',
  );
  const Properties = z.looseObject({ ServiceToken: z.string() });
  return custom.flatMap((type) =>
    readResources(resolver, type, Properties).map(({ stack, logicalId, properties }) => ({
      id: `${stack.name}/${logicalId}`,
      functionId: functionOf(functions, properties.ServiceToken, logicalId).id,
      type,
      properties,
    })),
  );
}
