import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { Expected } from './expected.ts';

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z._default(z.record(z.string(), z.unknown()), {}),
  Condition: z.optional(z.string()),
  Metadata: z.optional(z.record(z.string(), z.unknown())),
});
export type Resource = z.output<typeof Resource>;

const Template = z.object({
  Resources: z._default(z.record(z.string(), Resource), {}),
  Parameters: z._default(
    z.record(z.string(), z.looseObject({ Type: z.string(), Default: z.optional(z.unknown()) })),
    {},
  ),
  Conditions: z._default(z.record(z.string(), z.unknown()), {}),
  Mappings: z._default(z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))), {}),
  Outputs: z._default(
    z.record(z.string(), z.looseObject({ Value: z.unknown(), Export: z.optional(z.object({ Name: z.unknown() })) })),
    {},
  ),
});
type Template = z.output<typeof Template>;

/** One stack of the app as it would be deployed: its template, and where its assets lie. */
export type Stack = {
  readonly name: string;
  readonly template: Template;
  /** Values given from outside; a parameter without one has its default. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The folder that relative asset paths start from. */
  readonly folder: string;
  /** The stack that holds this one, for a nested stack: its parameters are values of that stack's template. */
  readonly parent?: { readonly stack: Stack; readonly logicalId: string };
};

const Manifest = z.object({
  artifacts: z._default(
    z.record(
      z.string(),
      z.looseObject({ type: z.string(), properties: z._default(z.record(z.string(), z.unknown()), {}) }),
    ),
    {},
  ),
});

/** What the localhost runner cannot run as AWS would: named with its place, never passed over in silence. */
export class TemplateError extends Expected {
  override readonly name = 'TemplateError';
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Every stack of a synthesized app. `parameters` go to each stack that declares one of that name. */
export function readAssembly(folder: string, parameters: Readonly<Record<string, string>> = {}): Stack[] {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) throw new TemplateError(`${folder} holds no synthesized app: manifest.json is missing`);
  const { artifacts } = Manifest.parse(readJson(manifest));
  return Object.entries(artifacts).flatMap(([id, { type, properties }]) => {
    if (type === 'cdk:cloud-assembly') return readAssembly(join(folder, String(properties.directoryName)), parameters);
    if (type !== 'aws:cloudformation:stack') return [];
    const name = String(properties.stackName ?? id);
    const given = { ...(properties.parameters as Record<string, unknown> | undefined), ...parameters };
    return withNested(stackOf(name, readJson(join(folder, String(properties.templateFile))), folder, given));
  });
}

/** A stack from a template that is at hand, e.g. one that a test wrote. */
export function stackOf(
  name: string,
  template: unknown,
  folder: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Stack {
  return { name, template: Template.parse(template), folder, parameters };
}

function withNested(stack: Stack): Stack[] {
  const children = Object.entries(stack.template.Resources).flatMap(([logicalId, resource]) => {
    if (resource.Type !== 'AWS::CloudFormation::Stack') return [];
    const file = assetPath(stack, logicalId, resource);
    const parameters = (resource.Properties.Parameters ?? {}) as Record<string, unknown>;
    const child = stackOf(`${stack.name}-${logicalId}`, readJson(file), stack.folder, parameters);
    return withNested({ ...child, parent: { stack, logicalId } });
  });
  return [stack, ...children];
}

/** Where the asset of a function or a nested stack lies; the app must be synthesized with asset metadata. */
export function assetPath(stack: Stack, logicalId: string, resource: Resource): string {
  const path = resource.Metadata?.['aws:asset:path'];
  if (typeof path !== 'string') {
    throw new TemplateError(`${stack.name}/${logicalId} names no asset: synthesize with aws:cdk:enable-asset-metadata`);
  }
  return resolve(stack.folder, path);
}
