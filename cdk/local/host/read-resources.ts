import * as z from 'zod/mini';
import type { Resolver } from '../resolve.ts';
import { type Stack, TemplateError } from '../template.ts';
import type { Identity } from './identity.ts';

/** A resource with its properties resolved and checked. */
export type Read<Properties> = {
  readonly stack: Stack;
  readonly logicalId: string;
  readonly identity: Identity;
  readonly properties: Properties;
};

/** Every resource of a type with the properties that the schema names. @throws TemplateError with the place of a mismatch. */
export function readResources<S extends z.ZodMiniType>(
  resolver: Resolver,
  type: string,
  schema: S,
): Read<z.output<S>>[] {
  return resolver.resourcesOf(type).map(({ stack, logicalId, resource }) => {
    const result = schema.safeParse(resolver.value(resource.Properties, stack));
    if (!result.success)
      throw new TemplateError(`${stack.name}/${logicalId} (${type}): ${z.prettifyError(result.error)}`);
    return { stack, logicalId, identity: resolver.identity(stack, logicalId), properties: result.data };
  });
}

/** CloudFormation takes one value where a list is meant. */
export const oneOrMore = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
