import * as z from 'zod/mini';
import { type FieldType, modelOf } from './surface.ts';

type Schema = {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
};

const listItem = /^Array<(.+)>$/;
const mapValue = /^\{ \[key: string\]: (.+); \}$/;

/**
 * Where the shape of our answer falls short of HubSpot's model: `Model.field`, with what is wrong. A field that the model requires
 * must always be there, and a field that both have must be of one type.
 */
export function shortcomings(output: z.ZodMiniType, model: string, group: string): Map<string, string> {
  const root = z.toJSONSchema(output, { io: 'output', unrepresentable: 'any' }) as Schema;
  const problems = new Map<string, string>();
  compare(root, model, { root, group, where: model, within: [], tell: (name, problem) => problems.set(name, problem) });
  return problems;
}

type At = {
  readonly root: Schema;
  readonly group: string;
  /** The field that is compared, for the report. */
  readonly where: string;
  readonly within: readonly string[];
  readonly tell: (name: string, problem: string) => void;
};

function alternatives(schema: Schema, root: Schema): readonly Schema[] {
  if (schema.$ref)
    return alternatives(schema.$ref === '#' ? root : (root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] ?? {}), root);
  const several = schema.anyOf ?? schema.oneOf;
  return several ? several.flatMap((each) => alternatives(each, root)) : [schema];
}

const kindsOf = (schema: Schema): readonly string[] => {
  if (schema.type) return [schema.type].flat();
  if (schema.const !== undefined) return [typeof schema.const];
  return (schema.enum ?? []).map((value) => typeof value);
};

function kindOf(type: FieldType): string {
  if (typeof type !== 'string') return 'string';
  if (listItem.test(type)) return 'array';
  if (type === 'Date' || /^string\b/.test(type)) return 'string';
  return type === 'number' || type === 'boolean' ? type : 'object';
}

function compare(schema: Schema, type: FieldType, at: At): void {
  const kind = kindOf(type);
  const all = alternatives(schema, at.root);
  const ours = all.filter((each) =>
    kindsOf(each).some((each) => each === kind || (each === 'integer' && kind === 'number')),
  );
  if (ours.length === 0) {
    if (type !== 'any')
      at.tell(at.where, `is ${all.flatMap(kindsOf).join(' or ') || 'anything'}, HubSpot's is ${kind}`);
    return;
  }
  if (typeof type !== 'string') return;
  const item = listItem.exec(type)?.[1];
  const entry = mapValue.exec(type)?.[1];
  for (const each of ours) {
    if (item) compare(each.items ?? {}, item, at);
    else if (entry && typeof each.additionalProperties === 'object')
      compare(each.additionalProperties, entry.split(' | ')[0] ?? '', at);
    else compareFields(each, type, at);
  }
}

function compareFields(schema: Schema, name: string, at: At): void {
  const model = modelOf(at.group, name);
  if (!model || at.within.includes(name)) return;
  if ('oneOf' in model) {
    for (const member of membersOf(schema, model.oneOf, at))
      compareFields(schema, member, { ...at, within: [...at.within, name] });
    return;
  }
  for (const [field, type] of Object.entries(model.properties)) {
    const where = `${name}.${field}`;
    const ours = schema.properties?.[field];
    const required = model.required.includes(field);
    if (!ours && required) at.tell(where, 'is not in the answer');
    if (!ours) continue;
    if (required && !schema.required?.includes(field)) at.tell(where, 'is not always in the answer');
    compare(ours, type, { ...at, where, within: [...at.within, name] });
  }
}

/** The members of a union that this shape may be: those whose fixed values it does not exclude. */
const membersOf = (schema: Schema, members: readonly string[], { group }: At): readonly string[] =>
  members.filter((member) => {
    const model = modelOf(group, member);
    if (!model || !('properties' in model)) return false;
    return Object.entries(model.properties).every(([field, values]) => {
      const fixed = schema.properties?.[field]?.const;
      return typeof values === 'string' || values.length > 1 || fixed === undefined || values.includes(String(fixed));
    });
  });
