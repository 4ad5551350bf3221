import * as z from 'zod/mini';
import type { StackModel } from '../model.ts';
import { Resolver } from '../resolve.ts';
import { type Stack, TemplateError } from '../template.ts';
import type { Place } from './identity.ts';
import { ignoredTypes, readTypes } from './ignored-types.ts';
import { readEventSources, readQueues, readRules } from './read-events.ts';
import { readCustomResources, readFunctions, readPermissions, readRoutes } from './read-functions.ts';
import { readResources } from './read-resources.ts';

const Secret = z.object({
  Name: z.optional(z.string()),
  SecretString: z.optional(z.string()),
  GenerateSecretString: z.optional(z.record(z.string(), z.unknown())),
});
const EventDestination = z.object({
  ConfigurationSetName: z.string(),
  EventDestination: z.object({ EventBridgeDestination: z.optional(z.object({ EventBusArn: z.string() })) }),
});
const AnyProperties = z.record(z.string(), z.unknown());

/** Everything that localhost runs, out of the templates that would be deployed. @throws TemplateError for what it cannot run. */
export function readModel(stacks: readonly Stack[], place: Place): StackModel {
  const resolver = new Resolver(stacks, place);
  refuseUnknown(resolver);
  const functions = readFunctions(resolver);
  const mayStart = readPermissions(resolver, functions);
  return {
    functions,
    ...readRoutes(resolver, functions, mayStart),
    queues: readQueues(resolver),
    rules: readRules(resolver, functions, mayStart),
    buses: readBuses(resolver),
    eventSources: readEventSources(resolver, functions),
    tables: readTables(resolver),
    secrets: readSecrets(resolver),
    fileBuckets: readResources(resolver, 'AWS::S3::Bucket', AnyProperties).map(({ identity }) => ({
      name: identity.ref,
    })),
    customResources: readCustomResources(resolver, functions),
    configurationSets: readConfigurationSets(resolver),
  };
}

function refuseUnknown({ stacks }: Resolver): void {
  const unknown = stacks.flatMap(({ name, template }) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => !(Type in ignoredTypes) && !readTypes.has(Type) && !Type.startsWith('Custom::'))
      .map(([logicalId, { Type }]) => `${name}/${logicalId} (${Type})`),
  );
  if (unknown.length > 0) throw new TemplateError(`localhost cannot run ${unknown.join(', ')}`);
}

/** Every account has the default bus. */
function readBuses(resolver: Resolver): StackModel['buses'] {
  const { region, accountId } = resolver.place;
  const own = readResources(resolver, 'AWS::Events::EventBus', AnyProperties);
  return [
    { name: 'default', arn: `arn:aws:events:${region}:${accountId}:event-bus/default` },
    ...own.map(({ identity }) => ({ name: identity.ref, arn: identity.attributes.Arn ?? '' })),
  ];
}

function readTables(resolver: Resolver): StackModel['tables'] {
  return ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'].flatMap((type) =>
    readResources(resolver, type, AnyProperties).map(({ identity, properties }) => ({
      name: identity.ref,
      arn: identity.attributes.Arn ?? '',
      definition: properties,
    })),
  );
}

function readSecrets(resolver: Resolver): StackModel['secrets'] {
  return readResources(resolver, 'AWS::SecretsManager::Secret', Secret).map(
    ({ identity, logicalId, stack, properties }) => ({
      name: properties.Name ?? `${stack.name}-${logicalId}`,
      arn: identity.ref,
      ...(properties.GenerateSecretString && { generate: properties.GenerateSecretString }),
      ...(properties.SecretString !== undefined && { value: properties.SecretString }),
    }),
  );
}

function readConfigurationSets(resolver: Resolver): StackModel['configurationSets'] {
  const destinations = readResources(resolver, 'AWS::SES::ConfigurationSetEventDestination', EventDestination);
  return readResources(resolver, 'AWS::SES::ConfigurationSet', AnyProperties).map(({ identity }) => {
    const own = destinations.filter(({ properties }) => properties.ConfigurationSetName === identity.ref);
    const eventBusArn = own.flatMap(
      ({ properties }) => properties.EventDestination.EventBridgeDestination?.EventBusArn ?? [],
    )[0];
    return { name: identity.ref, ...(eventBusArn && { eventBusArn }) };
  });
}
