import { type Identity, identityOf, type Place } from './host/identity.ts';
import { type Resource, type Stack, TemplateError } from './template.ts';

type Intrinsic = (argument: unknown, stack: Stack) => unknown;

/** Marks a value that `AWS::NoValue` or an unmet condition took away. */
const noValue = Symbol('AWS::NoValue');

/**
 * Turns CloudFormation's intrinsics into plain values, over all stacks of an app. A function, type or attribute that it does not
 * know is a TemplateError with its place: what would differ from AWS must not run.
 */
export class Resolver {
  readonly stacks: readonly Stack[];
  readonly place: Place;
  private readonly identities = new Map<string, Identity>();
  private exported: Map<string, { stack: Stack; value: unknown }> | undefined;

  constructor(stacks: readonly Stack[], place: Place) {
    this.stacks = stacks;
    this.place = place;
  }

  /** A value of a stack's template with every intrinsic replaced. */
  value(node: unknown, stack: Stack): unknown {
    const result = this.evaluate(node, stack);
    return result === noValue ? undefined : result;
  }

  /** Resources of one type, those under an unmet condition left out. */
  resourcesOf(type: string): { stack: Stack; logicalId: string; resource: Resource }[] {
    return this.stacks.flatMap((stack) =>
      Object.entries(stack.template.Resources)
        .filter(([, resource]) => resource.Type === type && this.exists(resource, stack))
        .map(([logicalId, resource]) => ({ stack, logicalId, resource })),
    );
  }

  /** Whether a resource's condition is met. */
  exists({ Condition }: Resource, stack: Stack): boolean {
    return Condition === undefined || this.condition(Condition, stack);
  }

  /** What refers to a resource: its `Ref` and its attributes. */
  identity(stack: Stack, logicalId: string): Identity {
    const key = `${stack.name}/${logicalId}`;
    const known = this.identities.get(key);
    if (known) return known;
    const resource = stack.template.Resources[logicalId];
    if (!resource) throw new TemplateError(`${stack.name} refers to ${logicalId}, which it does not have`);
    const property = (name: string) => {
      const value = this.value(resource.Properties[name], stack);
      return value === undefined ? undefined : String(value);
    };
    const identity = identityOf(resource.Type, `${stack.name}-${logicalId}`, property, this.place);
    if (!identity) throw new TemplateError(`${key} is of type ${resource.Type}, to which localhost cannot refer`);
    this.identities.set(key, identity);
    return identity;
  }

  private evaluate(node: unknown, stack: Stack): unknown {
    if (Array.isArray(node)) return node.map((item) => this.evaluate(item, stack)).filter((item) => item !== noValue);
    if (typeof node !== 'object' || node === null) return node;
    const entries = Object.entries(node);
    const [only] = entries;
    if (only && entries.length === 1 && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
      return this.intrinsic(only[0], only[1], stack);
    }
    return Object.fromEntries(
      entries
        .map(([key, value]) => [key, this.evaluate(value, stack)] as const)
        .filter(([, value]) => value !== noValue),
    );
  }

  private intrinsic(name: string, argument: unknown, stack: Stack): unknown {
    const intrinsic = this.intrinsics[name];
    if (!intrinsic) throw new TemplateError(`${stack.name} uses ${name}, which localhost does not evaluate`);
    return intrinsic(argument, stack);
  }

  private readonly intrinsics: Readonly<Record<string, Intrinsic>> = {
    Ref: (name, stack) => this.ref(String(name), stack),
    'Fn::GetAtt': (argument, stack) => this.attribute(argument, stack),
    'Fn::Join': (argument, stack) => {
      const [separator, parts] = this.list(argument, stack);
      return (parts as unknown[]).map(String).join(String(separator));
    },
    'Fn::Sub': (argument, stack) => this.substitute(argument, stack),
    'Fn::ImportValue': (argument, stack) => this.imported(String(this.evaluate(argument, stack)), stack),
    'Fn::Select': (argument, stack) => {
      const [index, items] = this.list(argument, stack);
      return (items as unknown[])[Number(index)];
    },
    'Fn::Split': (argument, stack) => {
      const [separator, text] = this.list(argument, stack);
      return String(text).split(String(separator));
    },
    'Fn::If': (argument, stack) => {
      const [name, yes, no] = argument as [string, unknown, unknown];
      return this.evaluate(this.condition(name, stack) ? yes : no, stack);
    },
    'Fn::FindInMap': (argument, stack) => {
      const [map, first, second] = this.list(argument, stack).map(String);
      return stack.template.Mappings[map ?? '']?.[first ?? '']?.[second ?? ''];
    },
    'Fn::Equals': (argument, stack) => {
      const [left, right] = this.list(argument, stack);
      return String(left) === String(right);
    },
    'Fn::And': (argument, stack) => (argument as unknown[]).every((part) => this.truth(part, stack)),
    'Fn::Or': (argument, stack) => (argument as unknown[]).some((part) => this.truth(part, stack)),
    'Fn::Not': (argument, stack) => !this.truth((argument as unknown[])[0], stack),
  };

  private list(argument: unknown, stack: Stack): unknown[] {
    const value = this.evaluate(argument, stack);
    if (!Array.isArray(value)) throw new TemplateError(`${stack.name} gives an intrinsic something else than a list`);
    return value;
  }

  private condition(name: string, stack: Stack): boolean {
    if (!(name in stack.template.Conditions)) throw new TemplateError(`${stack.name} has no condition ${name}`);
    return this.truth(stack.template.Conditions[name], stack);
  }

  private truth(part: unknown, stack: Stack): boolean {
    const named = typeof part === 'object' && part !== null && 'Condition' in part ? part.Condition : undefined;
    return named === undefined ? this.evaluate(part, stack) === true : this.condition(String(named), stack);
  }

  private ref(name: string, stack: Stack): unknown {
    if (name.startsWith('AWS::')) return this.pseudoParameter(name, stack);
    const parameter = stack.template.Parameters[name];
    return parameter ? this.parameter(name, parameter, stack) : this.identity(stack, name).ref;
  }

  private pseudoParameter(name: string, stack: Stack): unknown {
    const values: Record<string, unknown> = {
      'AWS::Partition': 'aws',
      'AWS::Region': this.place.region,
      'AWS::AccountId': this.place.accountId,
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
      'AWS::StackId': `arn:aws:cloudformation:${this.place.region}:${this.place.accountId}:stack/${stack.name}/local`,
      'AWS::NoValue': noValue,
    };
    if (!(name in values)) throw new TemplateError(`${stack.name} refers to ${name}, which localhost does not have`);
    return values[name];
  }

  private parameter(name: string, { Type, Default }: { Type: string; Default?: unknown }, stack: Stack): unknown {
    const given = stack.parameters[name];
    const value = given === undefined ? Default : stack.parent ? this.evaluate(given, stack.parent.stack) : given;
    if (value === undefined) throw new TemplateError(`${stack.name} needs a value for its parameter ${name}`);
    return Type.startsWith('List<') || Type === 'CommaDelimitedList' ? String(value).split(',') : value;
  }

  private attribute(argument: unknown, stack: Stack): unknown {
    const [logicalId = '', attribute = ''] =
      typeof argument === 'string' ? argument.split(/\.(.*)/, 2) : this.list(argument, stack).map(String);
    if (attribute.startsWith('Outputs.'))
      return this.nestedOutput(stack, logicalId, attribute.slice('Outputs.'.length));
    const value = this.identity(stack, logicalId).attributes[attribute];
    if (value === undefined)
      throw new TemplateError(`${stack.name} asks ${logicalId} for ${attribute}, which localhost does not have`);
    return value;
  }

  private nestedOutput(stack: Stack, logicalId: string, output: string): unknown {
    const child = this.stacks.find(({ parent }) => parent?.stack === stack && parent.logicalId === logicalId);
    if (!child) throw new TemplateError(`${stack.name} has no nested stack ${logicalId}`);
    return this.evaluate(child.template.Outputs[output]?.Value, child);
  }

  private substitute(argument: unknown, stack: Stack): string {
    const [text, given] = Array.isArray(argument)
      ? (argument as [string, Record<string, unknown>])
      : [String(argument), {}];
    return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (name in given) return String(this.evaluate(given[name], stack));
      return String(
        name.includes('.') && !name.startsWith('AWS::') ? this.attribute(name, stack) : this.ref(name, stack),
      );
    });
  }

  private imported(name: string, importer: Stack): unknown {
    this.exported ??= new Map(
      this.stacks.flatMap((stack) =>
        Object.values(stack.template.Outputs).flatMap(({ Value, Export }) =>
          Export ? [[String(this.value(Export.Name, stack)), { stack, value: Value }] as const] : [],
        ),
      ),
    );
    const found = this.exported.get(name);
    if (!found) throw new TemplateError(`${importer.name} imports ${name}, which no stack exports`);
    return this.evaluate(found.value, found.stack);
  }
}
