import type { RouteModel } from '../model.ts';

type Node = {
  readonly literal: Map<string, Node>;
  variable: Node | undefined;
  readonly greedy: Leaf;
  readonly here: Leaf;
};
/** Method (or `ANY`) → route with the names of its variables, in order. */
type Leaf = Map<string, { readonly route: RouteModel; readonly names: readonly string[] }>;
type Entry = NonNullable<ReturnType<Leaf['get']>>;

export type Match = { readonly route: RouteModel; readonly parameters: Readonly<Record<string, string>> };

type Pick = (leaf: Leaf) => Entry | undefined;
type Found = { readonly entry: Entry; readonly values: readonly string[] };

const node = (): Node => ({ literal: new Map(), variable: undefined, greedy: new Map(), here: new Map() });

/** The routes of one HTTP API with API Gateway's precedence: literal before `{variable}` before `{greedy+}` before `$default`. */
export class RouteTable {
  private readonly root = node();
  private readonly fallback: RouteModel | undefined;

  constructor(routes: readonly RouteModel[]) {
    this.fallback = routes.find(({ routeKey }) => routeKey === '$default');
    for (const route of routes) if (route.routeKey !== '$default') this.add(route);
  }

  /** The route that serves a request, with path variables decoded. A path with a slash at its end is another path. */
  match(method: string, path: string): Match | undefined {
    const found = this.find(path, (leaf) => leaf.get(method) ?? leaf.get('ANY'));
    if (!found) return this.fallback && { route: this.fallback, parameters: {} };
    const { route, names } = found.entry;
    return {
      route,
      parameters: Object.fromEntries(names.map((name, index) => [name, decode(found.values[index] ?? '')])),
    };
  }

  /** Whether there is a route for a path, whatever the method. */
  knows(path: string): boolean {
    return this.find(path, (leaf) => leaf.values().next().value) !== undefined;
  }

  private find(path: string, pick: Pick): Found | undefined {
    return walk(this.root, path.split('/').slice(1), 0, pick);
  }

  private add(route: RouteModel): void {
    const [method = '', path = ''] = route.routeKey.split(' ');
    const names: string[] = [];
    let at = this.root;
    for (const segment of path.split('/').slice(1)) {
      const [, name, plus] = /^\{([^+}]+)(\+?)\}$/.exec(segment) ?? [];
      if (name) names.push(name);
      if (plus) {
        at.greedy.set(method, { route, names });
        return;
      }
      at = name ? variableOf(at) : literalOf(at, segment);
    }
    at.here.set(method, { route, names });
  }
}

function variableOf(at: Node): Node {
  at.variable ??= node();
  return at.variable;
}

function literalOf({ literal }: Node, segment: string): Node {
  const next = literal.get(segment) ?? node();
  literal.set(segment, next);
  return next;
}

function walk(at: Node, segments: readonly string[], index: number, pick: Pick): Found | undefined {
  const segment = segments[index];
  if (segment === undefined) {
    const entry = pick(at.here);
    return entry && { entry, values: [] };
  }
  const literal = at.literal.get(segment);
  const found = literal && walk(literal, segments, index + 1, pick);
  if (found) return found;
  // A variable never stands for nothing: `/a/` does not match `/a/{id}`.
  if (segment === '') return undefined;
  const deeper = at.variable && walk(at.variable, segments, index + 1, pick);
  if (deeper) return { entry: deeper.entry, values: [segment, ...deeper.values] };
  const greedy = pick(at.greedy);
  return greedy && { entry: greedy, values: [segments.slice(index).join('/')] };
}

/** Percent escapes undone; what cannot be decoded stays as it came. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
