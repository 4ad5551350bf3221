import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type SynthesizeOptions, synthesize } from '../../cdk/app.ts';
import { type Tables, tsunagi } from '../../cdk/stacks/tables.ts';
import { fixture } from './fixture.ts';
import type { Properties } from './properties.ts';

/** The lists that the stacks are tested with: Tsunagi's own, and ones that use everything once. */
export const cases: readonly (readonly [string, Tables])[] = [
  ['fixture', fixture],
  ['Tsunagi', tsunagi],
];

type Template = {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>>;
};

type Resource = {
  /** `tsunagi-data/Table`: stack and logical id without the hash at its end. */
  readonly name: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Every intrinsic resolved to text such as `tsunagi-data/Table.Arn`. */
  readonly properties: Properties;
};

export type Synthesized = {
  readonly templates: Readonly<Record<string, Template>>;
  readonly resources: readonly Resource[];
  ofType(type: string): readonly Resource[];
};

const known = new WeakMap<Tables, Synthesized>();

/** These lists with a dummy bundle and the usual settings, without the checks; synthesized once for all tests of the stacks. */
export function synthesized(tables: Tables, options?: SynthesizeOptions): Synthesized {
  if (options) return synthesizedWith(tables, options);
  const made = known.get(tables) ?? synthesizedWith(tables, {});
  known.set(tables, made);
  return made;
}

function synthesizedWith(tables: Tables, options: SynthesizeOptions): Synthesized {
  const assembly = synthesize({ outdir: scratch(), assets: dummyBundle(tables), tables, validate: false, ...options });
  const templates: Record<string, Template> = Object.fromEntries(
    assembly.stacks.map((stack) => [stack.stackName, stack.template]),
  );
  const resources = Object.entries(templates).flatMap(([stack, template]) =>
    Object.entries(template.Resources).map(([logicalId, { Type, Properties, ...attributes }]) => ({
      name: named(stack, logicalId),
      type: Type,
      attributes,
      properties: resolve(Properties ?? {}, stack, templates) as Properties,
    })),
  );
  return { templates, resources, ofType: (type) => resources.filter((resource) => resource.type === type) };
}

/** A folder that looks like the bundle of these lists, so that no test of the stacks has to bundle. */
export function dummyBundle({ operations, workers }: Pick<Tables, 'operations' | 'workers'>): string {
  const folder = scratch();
  for (const { id } of [...operations, ...workers]) {
    const file = join(folder, `${id}.mjs`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `export const handler = () => '${id}';\n`);
  }
  return folder;
}

/** An empty folder that goes when the tests end. */
export const scratch = (): string => mkdtempSync(join(root, 'folder-'));

const root = mkdtempSync(join(tmpdir(), 'tsunagi-stack-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true }));

/** The value, or a failure that says what the stacks lack. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The stacks lack ${what}`);
  return value;
}

const named = (stack: string, logicalId: string) => `${stack}/${logicalId.replace(/[0-9A-F]{8}$/, '')}`;

function resolve(value: unknown, stack: string, templates: Readonly<Record<string, Template>>): unknown {
  const again = (inner: unknown) => resolve(inner, stack, templates);
  if (Array.isArray(value)) return value.map(again);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = [], ...others] = Object.entries(value);
  if (others.length > 0 || key === undefined) return mapValues(value, again);
  switch (key) {
    case 'Ref':
      return String(argument).startsWith('AWS::') ? argument : named(stack, argument);
    case 'Fn::GetAtt':
      return `${named(stack, argument[0])}.${argument[1]}`;
    case 'Fn::Join':
      return argument[1].map(again).join(argument[0]);
    case 'Fn::ImportValue':
      return exported(argument, templates);
    default:
      return mapValues(value, again);
  }
}

const mapValues = (value: object, map: (inner: unknown) => unknown) =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, map(inner)]));

function exported(name: string, templates: Readonly<Record<string, Template>>): unknown {
  for (const [stack, template] of Object.entries(templates)) {
    const output = Object.values(template.Outputs ?? {}).find((candidate) => candidate.Export?.Name === name);
    if (output) return resolve(output.Value, stack, templates);
  }
  throw new Error(`No stack exports ${name}`);
}
