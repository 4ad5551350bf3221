import * as z from 'zod/mini';
import type { ApiName } from '../../../lib/core/apis.ts';
import type { BehaviourModel } from '../model.ts';
import type { Resolver } from '../resolve.ts';
import { TemplateError } from '../template.ts';
import { readResources } from './read-resources.ts';

const Behaviour = z.object({ TargetOriginId: z.string() });
const Distribution = z.object({
  DistributionConfig: z.object({
    Origins: z.array(z.object({ Id: z.string(), DomainName: z.string() })),
    CacheBehaviors: z._default(z.array(z.extend(Behaviour, { PathPattern: z.string() })), []),
    DefaultCacheBehavior: Behaviour,
  }),
});

/** The behaviours of the distributions in their order, the default last. @throws TemplateError for what localhost cannot follow. */
export function readFront(resolver: Resolver, apiOf: (apiId: string) => ApiName | undefined): BehaviourModel[] {
  return readResources(resolver, 'AWS::CloudFront::Distribution', Distribution).flatMap(
    ({ logicalId, properties: { DistributionConfig: config } }) => {
      const apis = new Map(config.Origins.map(({ Id, DomainName }) => [Id, apiOf(DomainName.split('.')[0] ?? '')]));
      return [...config.CacheBehaviors, { ...config.DefaultCacheBehavior, PathPattern: '*' }].map(
        ({ PathPattern, TargetOriginId }) => {
          const [, prefix] = /^([^*?]*)\*$/.exec(PathPattern) ?? [];
          const api = apis.get(TargetOriginId);
          if (prefix === undefined || !api) {
            throw new TemplateError(
              `${logicalId} sends ${PathPattern} to ${api}: localhost knows patterns that end in their one *, and APIs of these stacks`,
            );
          }
          return { prefix, api };
        },
      );
    },
  );
}
